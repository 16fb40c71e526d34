import Common

extension CanonicalEvent {
    /// The payload of one item, as the plugin's schemas have it.
    /// - Parameter eventIDs: every event that the push carries, in order of arrival.
    func payload(route: Route, eventIDs: [String]) -> Bytes {
        var json = JSONObject(room: data.count + 60 * eventIDs.count + 1000)
        json.add("tenant_id", tenant.description)
        json.add("source", source.description)
        if route == .userSync {
            json.add("event_ids", eventIDs)
        } else {
            json.add("event_id", eventIDs[0])
        }
        json.add("event_type", eventType)
        var actor = JSONObject()
        actor.add("id", self.actor.id)
        actor.add("email", self.actor.email)
        actor.add("name", self.actor.name)
        json.add("actor", raw: actor.text())
        var subject = JSONObject()
        subject.add("id", self.subject.id)
        subject.add("type", self.subject.type)
        json.add("subject", raw: subject.text())
        var action = JSONObject()
        action.add("type", self.action.type)
        action.add("reason", self.action.reason)
        json.add("action", raw: action.text())
        json.add("data", raw: data)
        if route == .userSync, !times.isEmpty { json.add("times", raw: fieldTimes) }
        json.add("occurred_at", occurredAt.description)
        return json.text()
    }

    private var fieldTimes: Bytes {
        let members = times.map { Bytes("\"".utf8) + $0.field + Bytes("\":\($0.at.milliseconds)".utf8) }
        return Bytes("{".utf8) + members.joined(separator: Bytes(",".utf8)) + Bytes("}".utf8)
    }
}

/// A JSON object as it is written, member by member. Moved, never copied: it may hold megabytes.
struct JSONObject: ~Copyable {
    private var written: Bytes
    private var isEmpty = true

    /// - Parameters:
    ///   - text: what it is written behind.
    ///   - room: bytes that will come, about. An array that has to grow takes twice what it holds.
    init(behind text: consuming Bytes = [], room: Int = 0) {
        if room > 0 { text.reserveCapacity(text.count + room) }
        text.append(UInt8(ascii: "{"))
        written = text
    }

    consuming func text() -> Bytes {
        written.append(UInt8(ascii: "}"))
        return written
    }

    mutating func add(_ name: StaticString, _ text: String?) {
        add(name, raw: text.map(JSONText.quoted) ?? Bytes("null".utf8))
    }

    mutating func add(_ name: StaticString, _ texts: [String]) {
        add(name)
        written.append(UInt8(ascii: "["))
        for (place, text) in texts.enumerated() {
            if place > 0 { written.append(UInt8(ascii: ",")) }
            JSONText.append(text.utf8, to: &written)
        }
        written.append(UInt8(ascii: "]"))
    }

    mutating func add(_ name: StaticString, raw json: Bytes) {
        add(name)
        written += json
    }

    private mutating func add(_ name: StaticString) {
        if !isEmpty { written.append(UInt8(ascii: ",")) }
        isEmpty = false
        JSONText.append(name.description.utf8, to: &written)
        written.append(UInt8(ascii: ":"))
    }
}
