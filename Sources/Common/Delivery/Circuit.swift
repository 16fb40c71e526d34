/// One endpoint's circuit: whether requests go to a tenant's WordPress. A value; the store keeps it between runs and between workers.
public struct Circuit: Sendable, Equatable {
    public enum State: String, Sendable, CaseIterable {
        /// Requests go.
        case closed
        /// None goes until `retryAt`.
        case open
        /// One goes with one push in it, and decides.
        case halfOpen = "half-open"
    }

    public var state = State.closed
    /// Tries of pushes that failed one after another, and the requests that they went in.
    public var pushes = 0
    public var requests = 0
    public var openedAt: Timestamp?
    /// Open: when a probe may go. Half-open: when the probe is given up for lost.
    public var retryAt: Timestamp?
    /// How long it was opened the last time.
    public var openFor: Duration?
    /// Why the last request failed.
    public var cause = ""
    public var error = ""

    public init() {}

    /// Whether a request may go now, and which.
    public enum Gate: Sendable, Equatable { case pass, probe, shut }

    public func gate(now: Timestamp) -> Gate {
        guard state != .closed, let retryAt else { return .pass }
        return retryAt <= now ? .probe : .shut
    }
}

/// When a circuit opens, and for how long.
public struct CircuitPolicy: Sendable, Equatable {
    /// Failed tries of pushes in a row that open it, 1 to 100,000; in three requests at least, so that one bad moment does not.
    public var threshold = 30
    /// The first time; twice as long each time that the probe fails. 1 s to 1 h.
    public var shortest: Duration = .seconds(5)
    /// 1 s to 1 day.
    public var longest: Duration = .seconds(300)

    static let leastRequests = 3

    public init() {}
}

/// What a request says of its endpoint, whatever it says of its items.
public enum EndpointReport: Sendable, Equatable {
    /// The plugin itself answered.
    case well
    /// Refused for what stood in it: nothing is known of the endpoint.
    case unknown
    case ill(PushFailure)
    /// It asks for patience until then.
    case resting(until: Timestamp, PushFailure)
}

extension Circuit {
    /// The circuit after one request of `pushes` pushes. Nil: closed, and nothing to remember.
    public static func after(
        _ report: EndpointReport, pushes: Int, _ circuit: Circuit?, policy: CircuitPolicy, now: Timestamp
    ) -> Circuit? {
        var next = circuit ?? Circuit()
        switch report {
        case .well: return nil
        case .unknown:
            // A probe that says nothing: the next one may go at once.
            if next.state == .halfOpen { next.reopen(until: now, now: now) }
            return circuit == nil ? nil : next
        case .resting(let until, let failure):
            next.note(failure)
            next.reopen(until: until, now: now)
        case .ill(let failure):
            next.note(failure)
            next.pushes += pushes
            next.requests += 1
            switch next.state {
            case .closed where next.pushes >= policy.threshold && next.requests >= min(policy.threshold, CircuitPolicy.leastRequests):
                next.openFor = policy.shortest
                next.reopen(until: now + policy.shortest, now: now)
            case .halfOpen:
                let longer = min(policy.longest, max(policy.shortest, (next.openFor ?? .zero) * 2))
                next.openFor = longer
                next.reopen(until: now + longer, now: now)
            case .closed, .open: break
            }
        }
        return next
    }

    private mutating func note(_ failure: PushFailure) {
        cause = failure.cause
        error = failure.text
    }

    private mutating func reopen(until: Timestamp, now: Timestamp) {
        state = .open
        openedAt = openedAt ?? now
        retryAt = until
    }
}
