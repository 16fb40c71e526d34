extension CanonicalEvent {
    /// When one member became what it is, where that was before the event as a whole.
    public struct FieldTime: Sendable, Equatable {
        /// `actor.name`, `data.plan`: as it stands between quotes in JSON.
        public let field: Bytes
        public let at: Timestamp
    }

    /// Several of one person's events as one: the newest, with what only older ones tell of the person, and with older members of `data`
    /// that no newer one has. What WordPress ends up with is the same as if each had been pushed by itself: `times` says which members are
    /// older, so that they do not stand in the way of what happened in between.
    /// - Parameter events: in order of arrival, at least one.
    public static func folded(_ events: [CanonicalEvent]) -> CanonicalEvent {
        let ordered = events.enumerated().sorted { ($0.element.occurredAt, $0.offset) < ($1.element.occurredAt, $1.offset) }
            .map(\.element)
        guard var newest = ordered.last, ordered.count > 1 else { return events[0] }
        for older in ordered.reversed().dropFirst() {
            newest.actor.id = newest.actor.id ?? older.actor.id
            newest.fill(\.email, from: older, "actor.email")
            newest.fill(\.name, from: older, "actor.name")
        }
        let merged = MergedMembers(ordered.map(\.data))
        newest.data = merged.object
        newest.times += merged.members.compactMap { member in
            let at = ordered[member.object].occurredAt
            return at < newest.occurredAt ? FieldTime(field: Bytes("data.".utf8) + member.name.dropFirst().dropLast(), at: at) : nil
        }
        return newest
    }

    private mutating func fill(_ member: WritableKeyPath<Actor, String?>, from older: CanonicalEvent, _ field: String) {
        guard actor[keyPath: member] == nil, let value = older.actor[keyPath: member] else { return }
        actor[keyPath: member] = value
        if older.occurredAt < occurredAt { times.append(FieldTime(field: Bytes(field.utf8), at: older.occurredAt)) }
    }
}

/// Objects laid over each other: later ones' members win; each keeps the place of its first appearance.
private struct MergedMembers {
    struct Member {
        /// With its quotes.
        let name: ArraySlice<UInt8>
        var value: ArraySlice<UInt8>
        /// Which of the objects it is of.
        var object: Int
    }

    private(set) var members: [Member] = []
    private var places: [ArraySlice<UInt8>: Int] = [:]

    init(_ objects: [Bytes]) {
        for (number, object) in objects.enumerated() {
            guard let root = (try? JSONDocument(object))?.root else { continue }
            // Objects of one kind mostly have the same members in the same order.
            var next = 0
            root.forEachMember { name, value in
                put(Member(name: name.raw, value: value.raw, object: number), near: &next)
            }
        }
    }

    private mutating func put(_ member: Member, near next: inout Int) {
        let isNext = next < members.count && members[next].name == member.name
        if let place = isNext ? next : places[member.name] {
            members[place].value = member.value
            members[place].object = member.object
            next = place + 1
        } else {
            places[member.name] = members.count
            members.append(member)
            next = members.count
        }
    }

    var object: Bytes {
        var json = Bytes()
        json.reserveCapacity(members.reduce(2) { $0 + $1.name.count + $1.value.count + 2 })
        json.append(UInt8(ascii: "{"))
        for member in members {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            json += member.name
            json.append(UInt8(ascii: ":"))
            json += member.value
        }
        json.append(UInt8(ascii: "}"))
        return json
    }
}
