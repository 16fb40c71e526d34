import Common

/// What a backfill has found and done.
public struct BackfillReport: Sendable, Equatable {
    /// Of the time and the types asked for.
    public var listed = 0
    public var taken = 0
    public var duplicates = 0
    /// Left to the provider, which was asked to send them again.
    public var redelivered = 0
    /// Listed, but without anything that could be taken.
    public var gone = 0
    /// Of other types than those asked for.
    public var otherTypes = 0
    public var requests = 0
    /// All that the provider lists before it is in.
    public var reached: Timestamp
    /// The first that were taken, or would be: type and key.
    public var examples: [Example] = []

    public struct Example: Sendable, Equatable {
        public let type: String
        public let key: String
        /// Nil in a dry run.
        public let id: String?
    }

    static let mostExamples = 20

    public init(reached: Timestamp) { self.reached = reached }

    mutating func note(_ event: NewEvent, id: String?) {
        guard examples.count < Self.mostExamples else { return }
        examples.append(Example(type: event.reading.eventType, key: event.idempotencyKey, id: id))
    }
}
