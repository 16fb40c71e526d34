import Common

extension CanonicalEvent {
    /// The payload of one item, as the plugin's schemas have it.
    /// - Parameter eventIDs: every event that the push carries, in order of arrival.
    func payload(route: Route, eventIDs: [String]) -> Bytes {
        var json = JSONObject()
        json.add("tenant_id", tenant.description)
        json.add("source", source.description)
        if route == .userSync {
            json.add("event_ids", raw: Bytes("[".utf8) + eventIDs.map(JSONText.quoted).joined(separator: Bytes(",".utf8)) + Bytes("]".utf8))
        } else {
            json.add("event_id", eventIDs[0])
        }
        json.add("event_type", eventType)
        var actor = JSONObject()
        actor.add("id", self.actor.id)
        actor.add("email", self.actor.email)
        actor.add("name", self.actor.name)
        json.add("actor", raw: actor.text)
        var subject = JSONObject()
        subject.add("id", self.subject.id)
        subject.add("type", self.subject.type)
        json.add("subject", raw: subject.text)
        var action = JSONObject()
        action.add("type", self.action.type)
        action.add("reason", self.action.reason)
        json.add("action", raw: action.text)
        json.add("data", raw: data)
        if route == .userSync, !times.isEmpty { json.add("times", raw: fieldTimes) }
        json.add("occurred_at", occurredAt.description)
        return json.text
    }

    private var fieldTimes: Bytes {
        let members = times.map { Bytes("\"".utf8) + $0.field + Bytes("\":\($0.at.milliseconds)".utf8) }
        return Bytes("{".utf8) + members.joined(separator: Bytes(",".utf8)) + Bytes("}".utf8)
    }
}

/// A JSON object as it is written, member by member.
struct JSONObject {
    private var members: Bytes = [UInt8(ascii: "{")]

    var text: Bytes { members + [UInt8(ascii: "}")] }

    mutating func add(_ name: StaticString, _ text: String?) {
        add(name, raw: text.map(JSONText.quoted) ?? Bytes("null".utf8))
    }

    mutating func add(_ name: StaticString, raw json: Bytes) {
        if members.count > 1 { members.append(UInt8(ascii: ",")) }
        JSONText.append(name.description.utf8, to: &members)
        members.append(UInt8(ascii: ":"))
        members += json
    }
}
