import Common

/// A WordPress that is down fails every event that waits. The journal has the first ones of each minute, by tenant, outcome and cause, and
/// then how many were left out. What went well is always written.
struct FailureLog {
    private struct Key: Hashable {
        let tenant, outcome, cause: String
    }

    /// In a minute, of one tenant, outcome and cause.
    static let most = 30

    private var minute: Int64 = 0
    private var seen: [Key: Int] = [:]

    /// - Returns: how many of a push's events are written.
    mutating func room(for verdict: Verdict, tenant: String, events: Int) -> Int {
        let key: Key
        switch verdict {
        case .retry(_, _, let failure): key = Key(tenant: tenant, outcome: "retry", cause: failure.cause)
        case .dead(let failure): key = Key(tenant: tenant, outcome: "dead", cause: failure.cause)
        case .done, .kept: return events
        }
        let before = seen[key, default: 0]
        seen[key] = before + events
        return max(0, min(events, Self.most - before))
    }

    /// What the minute that is over has left out.
    /// - Parameter ending: also of the one that is not over yet.
    mutating func leftOut(at now: Timestamp, ending: Bool = false) -> [LogLine] {
        let current = now.milliseconds / 60_000
        guard current != minute || ending else { return [] }
        let over = seen.filter { $0.value > Self.most }
        (minute, seen) = (current, [:])
        return over.sorted { ($1.value, $0.key.tenant, $0.key.cause) < ($0.value, $1.key.tenant, $1.key.cause) }.map { key, count in
            LogLine("failed pushes like these were left out of the log", level: .warning, at: now).with("outcome", key.outcome)
                .with("tenant", key.tenant).with("cause", key.cause).with("omitted", Int64(count - Self.most))
        }
    }
}
