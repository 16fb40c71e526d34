/// Several of one person's events as one: the newest, with what only older ones tell of the person, and with older members of `data`
/// that no newer one has. What WordPress ends up with is the same as if each had been pushed by itself: `times` says which members are
/// older, so that they do not stand in the way of what happened in between.
///
/// Begun with the newest; each that is added is as old as the one before or older. Of those, only what no newer one says is read.
public struct Folding {
    private var newest: CanonicalEvent
    private var members: MergedMembers?

    public init(_ newest: CanonicalEvent) { self.newest = newest }

    /// - Parameters:
    ///   - occurredAt: of the older event; of two at the same time that is older which came first.
    ///   - data: as `Mapping.members` gives it. What is no object adds nothing.
    ///   - actor: asked for only where something of the person is not known yet.
    public mutating func add(occurredAt: Timestamp, data: JSONValue?, actor: () -> CanonicalEvent.Actor) {
        if newest.actor.id == nil || newest.actor.email == nil || newest.actor.name == nil {
            let actor = actor()
            newest.actor.id = newest.actor.id ?? actor.id
            fill(\.email, with: actor.email, occurredAt, "actor.email")
            fill(\.name, with: actor.name, occurredAt, "actor.name")
        }
        if let data {
            if members == nil { members = MergedMembers(newest.data, at: newest.occurredAt) }
            members?.add(data, at: occurredAt)
        }
    }

    private mutating func fill(
        _ member: WritableKeyPath<CanonicalEvent.Actor, String?>, with value: String?, _ occurredAt: Timestamp, _ field: String
    ) {
        guard newest.actor[keyPath: member] == nil, let value else { return }
        newest.actor[keyPath: member] = value
        if occurredAt < newest.occurredAt { newest.times.append(.init(field: Bytes(field.utf8), at: occurredAt)) }
    }

    public consuming func folded() -> CanonicalEvent {
        guard let members, members.hasOlder else { return newest }
        newest.data = members.object
        newest.times += members.times(before: newest.occurredAt)
        return newest
    }
}

extension CanonicalEvent {
    /// When one member became what it is, where that was before the event as a whole.
    public struct FieldTime: Sendable, Equatable {
        /// `actor.name`, `data.plan`: as it stands between quotes in JSON.
        public let field: Bytes
        public let at: Timestamp
    }
}

/// Objects laid under each other, the newest first: a member is that of the first object that has it.
private struct MergedMembers {
    private struct Member {
        /// As it is written, without its quotes.
        let name: Bytes
        var value: Bytes
        let at: Timestamp
        /// Which of the objects it is of; the newest is 0.
        let object: Int
    }

    private var members: [Member] = []
    /// By the name that is meant, however it is written: of two spellings of one name WordPress would take the last.
    private var places: [Bytes: Int] = [:]
    private var objects = 0

    init(_ newest: Bytes, at moment: Timestamp) {
        if let root = (try? JSONDocument(newest))?.root { add(root, at: moment) }
        objects = 1
    }

    /// Some members are not the newest object's.
    var hasOlder: Bool { members.last.map { $0.object > 0 } ?? false }

    mutating func add(_ object: JSONValue, at moment: Timestamp) {
        // Objects of one kind mostly have the same members in the same order.
        var next = 0
        object.forEachMemberText { member in
            let isNext =
                next < members.count && members[next].object < objects
                && members[next].name.withUnsafeBufferPointer { $0.isSame(as: member.name) }
            next = isNext ? next + 1 : put(member, at: moment) + 1
        }
        objects += 1
    }

    /// Of a name that stands twice in one object the last counts.
    /// - Returns: the member's place.
    private mutating func put(_ member: JSONValue.MemberText, at moment: Timestamp) -> Int {
        let name = Bytes(member.name)
        let meant = member.isEscaped ? Bytes(JSONText.unescape(name[...])) : name
        if let place = places[meant] {
            if members[place].object == objects { members[place].value = Bytes(member.value) }
            return place
        }
        places[meant] = members.count
        members.append(Member(name: name, value: Bytes(member.value), at: moment, object: objects))
        return members.count - 1
    }

    var object: Bytes {
        var json = Bytes()
        json.reserveCapacity(members.reduce(2) { $0 + $1.name.count + $1.value.count + 4 })
        json.append(UInt8(ascii: "{"))
        for member in members {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            json.append(UInt8(ascii: "\""))
            json += member.name
            json += Array("\":".utf8)
            json += member.value
        }
        json.append(UInt8(ascii: "}"))
        return json
    }

    /// Of members that are older than the newest object.
    func times(before newest: Timestamp) -> [CanonicalEvent.FieldTime] {
        members.compactMap { $0.at < newest ? .init(field: Bytes("data.".utf8) + $0.name, at: $0.at) : nil }
    }
}
