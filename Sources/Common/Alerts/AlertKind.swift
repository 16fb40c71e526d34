/// What can be wrong. The words stand in the store and in notices: add, do not rename.
public enum AlertKind: String, Sendable, CaseIterable {
    case deadLetters = "dead-letters"
    case quietSource = "quiet-source"
    case oldQueue = "old-queue"
    case lowDisk = "low-disk"
    case oldSecret = "old-secret"
    case circuitOpen = "circuit-open"
    case missingEvents = "missing-events"
    case notCompared = "not-compared"

    /// When to speak again of what goes on without any news.
    var remindAfter: Duration {
        switch self {
        case .oldSecret: .seconds(7 * 86_400)
        default: .seconds(86_400)
        }
    }
}

/// What is wrong with what.
public struct AlertKey: Sendable, Hashable, Comparable {
    public let kind: AlertKind
    /// A tenant and a cause, a source, …; unique within the kind.
    public let subject: String

    public init(_ kind: AlertKind, _ subject: String) {
        self.kind = kind
        self.subject = subject
    }

    public static func < (left: Self, right: Self) -> Bool { (left.kind.rawValue, left.subject) < (right.kind.rawValue, right.subject) }
}

/// Something that is wrong at the moment of a look.
public struct AlertCondition: Sendable, Equatable {
    public let key: AlertKey
    public var since: Timestamp
    /// In the kind's own unit: events, days; 1 where nothing is counted.
    public var count = 1
    /// The last thing that it counts; nil where it is a state.
    public var newest: Timestamp?
    /// In a line: how many, on what. No payload, no secret.
    public var what: String
    public var fix: String
    /// The command to look further with.
    public var next: String
    /// An event's id.
    public var example: String?
}

/// A condition over time, as the store keeps it.
public struct Alert: Sendable, Equatable {
    public enum State: String, Sendable { case open, resolved }

    public var state: State
    /// As last found.
    public var condition: AlertCondition
    /// The last look that found it; resolved, the first that did not.
    public var lastAt: Timestamp

    public var key: AlertKey { condition.key }
}
