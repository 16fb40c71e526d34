/// What comparing with providers' own lists has brought to light.
extension AlertFacts {
    /// Over with the next comparison that finds nothing.
    func missingEvents() -> [AlertCondition] {
        reconciliations.filter { $0.missing > 0 }.map { row in
            let one = row.missing == 1
            return AlertCondition(
                key: AlertKey(.missingEvents, "\(row.source)/\(row.tenant)"), since: row.missingAt ?? row.ranAt, count: row.missing,
                newest: row.missingAt,
                what: "\(row.missing) event\(one ? "" : "s") of source \(row.source), tenant \(row.tenant), never came by webhook; "
                    + "the comparison has fetched \(one ? "it" : "them")",
                fix: "see at the provider why its deliveries failed; nothing is left to be done for these",
                next: "gatepost reconcile --report")
        }
    }

    func failedComparisons() -> [AlertCondition] {
        reconciliations.compactMap { row in
            guard let error = row.error, let since = row.failingSince else { return nil }
            return AlertCondition(
                key: AlertKey(.notCompared, "\(row.source)/\(row.tenant)"), since: since,
                what: "what \(row.source) sent for tenant \(row.tenant) could not be compared: \(error)",
                fix: "mend that; the next comparison goes on from \(row.through)",
                next: "gatepost reconcile --source \(row.source) --tenant \(row.tenant)")
        }
    }
}
