import Common

/// One rejected request, and why it fails by today's settings.
struct RejectionPage {
    struct Advice {
        let text: Prose
        /// Nil where nothing has to be done.
        let mend: Prose?
    }

    let id, source, reason: String
    let reasonPieces: [String]
    let facts: [EventPageView.Pair]
    let verifies: Bool
    let verdict: String
    let findings: [Advice]
    /// What was tried in vain; nil where the cause is known.
    let tried: String?
    let remaining: [Prose]
    let headers: [EventPageView.Pair]
    let payload: String
    let reverify: String?
    let events: [String]

    init?(_ id: EventID, _ store: Store, _ visit: Visit) throws {
        guard let stored = try RejectionQueries(store: store).find(id) else { return nil }
        let rejection = stored.rejection
        let readout = RejectionReadout(stored, providers: visit.settings.providers)
        (self.id, source, reason) = (rejection.id, rejection.source, rejection.reason)
        reasonPieces = BreakableName.pieces(rejection.reason)
        facts = Self.facts(rejection, "\(stored.method) \(readout.url)")
        let explanation = try Self.explanation(of: stored, store, visit)
        (verifies, verdict) = Self.verdict(explanation)
        findings =
            explanation?.findings.map { Advice(text: Prose($0.text), mend: $0.mend.isEmpty ? nil : Prose($0.mend, goesOn: true)) } ?? []
        let isOpen = explanation.map { !$0.isExplained } ?? false
        tried = isOpen && !verifies ? explanation.map { $0.tried.joined(separator: "; ") } : nil
        remaining = isOpen && !verifies ? Explanation.remaining.map { Prose($0) } : []
        headers = readout.headers.map { .init(name: $0.name, value: $0.value) }
        payload = String(decoding: readout.payload.utf8.prefix(EventPageView.mostPayload), as: UTF8.self)
        reverify = rejection.outcome == nil ? PageFields([("id", rejection.id)]).link("/admin/confirm/reverify") : nil
        events = rejection.eventIDs
    }

    private static func facts(_ rejection: Rejection, _ request: String) -> [EventPageView.Pair] {
        let named: [(String, String?)] = [
            ("Received", rejection.receivedAt.description), ("Source", rejection.source), ("Tenant", rejection.tenant?.description),
            ("Reason", rejection.reason), ("In words", rejection.explanation), ("From", rejection.address), ("Request", request),
            ("Request id", rejection.requestID), ("Not kept before it", rejection.missed == 0 ? nil : String(rejection.missed)),
            ("Outcome", rejection.outcome?.rawValue), ("Settled", rejection.settledAt?.description),
        ]
        return named.compactMap { name, value in value.map { .init(name: name, value: $0) } }
    }

    /// As of its arrival. Nil where the source is not in the settings any more.
    private static func explanation(of stored: StoredRejection, _ store: Store, _ visit: Visit) throws -> Explanation? {
        guard let provider = visit.settings.providers[source: stored.rejection.source] else { return nil }
        let settings = visit.settings.adding(try LearnedSecrets(store: store).load(now: visit.now))
        let arrival = stored.arrival(publicURL: settings.publicURL, createdBy: "pages")
        return Explainer(provider, tenant: stored.rejection.tenant, secrets: settings.knownSecrets(now: visit.now))
            .explain(arrival.request, now: arrival.receivedAt)
    }

    private static func verdict(_ explanation: Explanation?) -> (Bool, String) {
        switch explanation?.verdict {
        case nil: (false, "The source is not in the settings any more.")
        case .success(let tenant)?: (true, "It verifies now, with the secret of tenant \(tenant).")
        case .failure(let failure)?: (false, "It still does not verify: \(failure.tag).")
        }
    }
}
