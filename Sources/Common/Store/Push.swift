/// One push: events that go to WordPress as one item, under one key.
public struct ClaimedPush: Sendable {
    public struct Event: Sendable {
        public let sequence: Int64
        public let id: String
        public let source: String
        public let type: String
        public let receivedAt: Timestamp
        public let traceparent: String?
        /// As stored: without credentials.
        public internal(set) var headers: HeaderFields
        public internal(set) var rawBody: Bytes
        /// It was sealed, and is not any more what it was: there is nothing to push.
        public var isTampered = false
        /// Of the request that brought it.
        public var requestID = ""
        /// As it was read before anything was left out of the payload.
        public var occurredAt: Timestamp?
    }

    public let key: String
    public let route: Route
    public let tenant: TenantName
    /// The lane's row.
    public let lane: Int64
    /// Tries that were answered before.
    public let attempts: Int
    /// Leases of this push that ended without a verdict, one after another: workers that died, or stood still.
    public let lost: Int
    /// What the cutover says of it.
    public let mode: Cutover.Mode
    public let claimedAt: Timestamp
    /// It was on its way before, and WordPress may have it.
    public let wasSent: Bool
    /// In order of arrival, at least one.
    public internal(set) var events: [Event]

    /// Leaves as much of it as is needed once it is on its way: megabytes would wait with it for an answer.
    public mutating func dropBodies() {
        for index in events.indices {
            events[index].rawBody = []
            // `tracestate` goes on behind a `traceparent`, and no other field.
            if events[index].traceparent == nil { events[index].headers = HeaderFields() }
        }
    }
}

/// What became of a push.
public enum Verdict: Sendable, Equatable {
    case done(httpStatus: Int)
    /// - countsTry: false where nobody asked WordPress, or it asked for patience.
    case retry(at: Timestamp, countsTry: Bool, failure: PushFailure)
    case dead(PushFailure)
    /// The cutover keeps it from WordPress. The payload: what would have been sent.
    case kept(Cutover.Mode, payload: Bytes?)
}

/// Why a push did not succeed.
public struct PushFailure: Sendable, Equatable {
    /// Root-cause tag, a word an operator can search for.
    public let cause: String
    public let text: String
    public let httpStatus: Int?

    /// What others write goes into every event's row and into the log.
    static let mostText = 500

    public init(cause: String, text: String, httpStatus: Int? = nil) {
        self.cause = String(cause.prefix(100))
        self.text = String(text.prefix(Self.mostText)).withoutAddresses
        self.httpStatus = httpStatus
    }
}

extension PushFailure: CustomStringConvertible {
    public var description: String { "\(cause): \(text)" }
}
