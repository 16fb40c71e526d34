/// Which of one person's waiting events go out together as the next push. A pure plan; `docs/architecture.md` has the rules.
public enum Coalescing {
    /// Events in one push, and bytes of their raw bodies.
    static let mostEvents = 100
    static let mostBytes = 1 << 20

    /// - Parameter jobs: one lane's open work in order of arrival, at least one.
    /// - Returns: how many from the front go now.
    public static func nextPush(from jobs: [PendingJob]) -> Int {
        var plan = PushPlan(head: jobs[0])
        return jobs.prefix { plan.takes($0) }.count
    }

    /// The key of a push: the event's own id for one, a digest of all ids for several. Same events, same key.
    public static func key(of eventIDs: [String]) -> String {
        guard eventIDs.count > 1 else { return eventIDs.first ?? "" }
        let digest = Crypto.sha256(Array(eventIDs.joined(separator: ",").utf8))
        return "group-" + String(decoding: Hex.encode(digest.prefix(20)), as: UTF8.self)
    }
}

/// One push as it grows, event by event from its lane's front. So a claim reads no further than the push goes.
public struct PushPlan {
    public let head: PendingJob
    /// What it holds so far.
    public private(set) var events = 0
    public private(set) var bytes = 0

    private let headFolds: Bool

    public init(head: PendingJob) {
        self.head = head
        headFolds = Self.folds(head)
    }

    /// Whether the lane's next event goes, too. After the first that does not, none does.
    public mutating func takes(_ job: PendingJob) -> Bool {
        guard events == 0 || goesAlong(job) else { return false }
        events += 1
        bytes += job.bytes
        return true
    }

    private func goesAlong(_ job: PendingJob) -> Bool {
        // A push that was begun goes again as it was: same events, same key.
        if let key = head.pushKey { return job.pushKey == key }
        return job.pushKey == nil && headFolds && job.source == head.source && isLikeHead(job)
            && events < Coalescing.mostEvents && bytes + job.bytes <= Coalescing.mostBytes
    }

    private func isLikeHead(_ job: PendingJob) -> Bool {
        if job.eventType == head.eventType, job.route == head.route { return true }
        return Self.folds(job) && Self.kind(job) == Self.kind(head)
    }

    /// A deletion stands alone: what came before it must not be read as coming after.
    private static func folds(_ job: PendingJob) -> Bool {
        job.route == .userSync && !job.eventType.lowercased().contains("delet")
    }

    /// `customer.subscription` of `customer.subscription.updated`: events of one kind carry the same sort of object.
    private static func kind(_ job: PendingJob) -> Substring {
        job.eventType.lastIndex(of: ".").map { job.eventType[..<$0] } ?? job.eventType[...]
    }
}
