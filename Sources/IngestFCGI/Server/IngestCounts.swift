import Common

extension Counters {
    /// A name that no settings know is a stranger's, and counts as `unknown`: he must not make a row for each that he thinks of.
    private static let unknown = "unknown"

    mutating func refuse(_ refusal: Refusal, _ head: RequestHead, by gateway: Gateway) {
        let known = head.source.flatMap(SourceName.init).flatMap { gateway.sources[$0] }
        let source = known?.provider.source.description ?? Self.unknown
        add(.ingestFailures, source, refusal.reason)
        add(.ingestCount, source, known.flatMap { head.tenant(of: $0) } ?? Self.unknown, "refused")
    }

    /// What is stored is counted by the transaction that stores it.
    mutating func answer(_ outcomes: [StoreOutcome], to events: [NewEvent]) {
        for (outcome, event) in zip(outcomes, events) {
            if case .duplicate = outcome { add(.ingestCount, event.source.description, event.tenant.description, "duplicate") }
        }
    }
}

extension RequestHead {
    /// The one of the source's tenants that nginx or the path names.
    fileprivate func tenant(of source: Gateway.Source) -> String? {
        let parts = path.split(separator: "/")
        guard let named = tenant ?? (parts.count > 3 ? String(parts[3]) : nil) else { return nil }
        return source.verifier.tenants.first { $0.description == named }?.description
    }
}
