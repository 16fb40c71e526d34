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

    public init(head: PendingJob) { self.head = head }

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
        return job.pushKey == nil && Self.folds(head) && Self.folds(job) && job.source == head.source && Self.kind(job) == Self.kind(head)
            && events < Coalescing.mostEvents && bytes + job.bytes <= Coalescing.mostBytes
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

extension CanonicalEvent {
    /// Several of one person's events as one: the newest, with what only older ones tell of the person, and with older members of `data`
    /// that no newer one has. What WordPress ends up with is the same as if each had been pushed by itself.
    /// - Parameter events: in order of arrival, at least one.
    public static func folded(_ events: [CanonicalEvent]) -> CanonicalEvent {
        let ordered = events.enumerated().sorted { ($0.element.occurredAt, $0.offset) < ($1.element.occurredAt, $1.offset) }
            .map(\.element)
        guard var newest = ordered.last, ordered.count > 1 else { return events[0] }
        for older in ordered.reversed() {
            newest.actor.id = newest.actor.id ?? older.actor.id
            newest.actor.email = newest.actor.email ?? older.actor.email
            newest.actor.name = newest.actor.name ?? older.actor.name
        }
        newest.data = mergedMembers(ordered.map(\.data))
        return newest
    }

    /// Later objects' members win; each keeps the place of its first appearance.
    private static func mergedMembers(_ objects: [Bytes]) -> Bytes {
        var order: [Bytes] = []
        var members: [Bytes: Bytes] = [:]
        for object in objects {
            guard let document = try? JSONDocument(object) else { continue }
            document.root.forEachMember { name, value in
                let name = Bytes(name.raw)
                if members.updateValue(Bytes(value.raw), forKey: name) == nil { order.append(name) }
            }
        }
        let body = order.map { $0 + [UInt8(ascii: ":")] + (members[$0] ?? []) }.joined(separator: [UInt8(ascii: ",")])
        return [UInt8(ascii: "{")] + body + [UInt8(ascii: "}")]
    }
}
