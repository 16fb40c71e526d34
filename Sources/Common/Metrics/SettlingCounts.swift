extension Counters {
    /// What became of one push.
    mutating func settle(_ push: ClaimedPush, _ verdict: Verdict, now: Timestamp) {
        let (jobs, tenant) = (Int64(push.events.count), push.tenant.description)
        switch verdict {
        case .retry: add(.jobRetries, by: jobs)
        case .dead: add(.jobsEnded, tenant, "dead", by: jobs)
        case .kept: return add(.jobsEnded, tenant, "kept", by: jobs)
        case .done:
            add(.jobsEnded, tenant, "processed", by: jobs)
            for event in push.events { observe(.eventLatency, Self.time(from: event.receivedAt, to: now)) }
        }
        observe(.jobDuration, Self.time(from: push.claimedAt, to: now))
    }

    private static func time(from start: Timestamp, to end: Timestamp) -> Duration {
        .milliseconds(max(0, end.milliseconds - start.milliseconds))
    }
}
