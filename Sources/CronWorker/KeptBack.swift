import Common

extension Worker {
    /// What the cutover keeps from WordPress is settled here, with what would have been sent.
    /// - Returns: what goes.
    func keepBack(_ items: [PushItem], lease: String) throws -> [PushItem] {
        let kept = items.filter { $0.push.mode != .live }
        guard !kept.isEmpty else { return items }
        let verdicts = kept.map { ($0.push, Verdict.kept($0.push.mode, payload: $0.push.mode == .mirror ? $0.payload : nil)) }
        let now = clock.now()
        try queue.settle(verdicts, lease: lease, now: now)
        LogSink.write(
            verdicts.flatMap { push, verdict in
                push.events.map {
                    verdict.logLine(at: now).with("event_id", $0.id).with("tenant", push.tenant.description).with("source", $0.source)
                }
            })
        return items.filter { $0.push.mode == .live }
    }
}
