import Common

extension Worker {
    /// Workers that may die on one push, three among others and one with it alone.
    static let mostLost = 4

    /// So long other tenants wait for pushes that go alone: one that hangs takes `worker.timeout`.
    static let suspectsTime: Duration = .seconds(30)

    /// What workers have died on goes first, one push at a time and nothing beside it, so that its next death is nobody else's.
    func trySuspects() throws {
        let end = ContinuousClock.now + Self.suspectsTime
        for index in endpoints.indices {
            try readCircuits()
            let endpoint = endpoints[index]
            while !shouldStop(), .now < end {
                let now = clock.now()
                let gate = endpoints[index].circuit?.gate(now: now) ?? .pass
                // Where nothing else waits, one of these is the probe: or the circuit would never close.
                guard try gate == .pass || gate == .probe && board.takeProbe(endpoint.key, until: now + settings.lease, now: now) else {
                    break
                }
                let lease = newUUID()
                guard let push = try queue.claimSuspect(tenant: endpoint.tenant, lease: lease, until: now + settings.lease, now: now)
                else {
                    if gate == .probe { try giveProbeBack(index, now: now) }
                    break
                }
                if push.lost >= Self.mostLost {
                    try bury(push, lease: lease, now: now)
                    if gate == .probe { try giveProbeBack(index, now: now) }
                } else {
                    let isSent = try send([consume push], lease: lease, from: index, isProbe: gate == .probe)
                    if !isSent, gate == .probe { try giveProbeBack(index, now: now) }
                    while transfers.count > 0 { for (batch, result) in transfers.wait(milliseconds: 500) { try settle(batch, result) } }
                }
                try readCircuits()
            }
        }
    }

    private func bury(_ push: ClaimedPush, lease: String, now: Timestamp) throws {
        let failure = PushFailure(cause: "worker_died", text: "\(push.lost) workers died, or were killed, while they pushed it")
        try queue.settle([(push, .dead(failure))], lease: lease, now: now)
        LogSink.write(
            push.events.map {
                LogLine(failure.text, level: .error, at: now).with("outcome", "dead").with("cause", failure.cause).with("event_id", $0.id)
                    .with("tenant", push.tenant.description).with("source", $0.source)
            })
    }
}
