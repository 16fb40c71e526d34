import Testing

@testable import Common

/// One event as a provider sends it, and what is read of it.
struct ReadingCase: Sendable, CustomStringConvertible {
    let description: String
    var headers: [(String, String)] = []
    let body: String
    let type: String
    let id: String
    var at: Int64?
    let route: Route
    var lane: String?

    init(
        _ description: String, headers: [(String, String)] = [], _ body: String, type: String, id: String, at: Int64? = nil, _ route: Route,
        lane: String? = nil
    ) {
        self.description = description
        (self.headers, self.body, self.type, self.id, self.at, self.route, self.lane) = (headers, body, type, id, at, route, lane)
    }

    func check(_ provider: Provider) throws {
        let reading = provider.read(try json(body), headers: HeaderFields(headers))
        #expect(
            reading
                == EventReading(
                    providerEventID: id, eventType: type, occurredAt: at.map(Timestamp.init(milliseconds:)), route: route, lane: lane))
    }
}

/// One event in canonical form; what is not named is nil.
struct CanonicalCase: Sendable, CustomStringConvertible {
    let type: String
    let body: String
    var actor = CanonicalEvent.Actor()
    var subject: (id: String?, type: String?) = (nil, nil)
    var action: (type: String?, reason: String?) = (nil, nil)
    let data: String
    var at: Int64 = 77  // the time of receipt

    var description: String { type }

    func check(_ provider: Provider) throws {
        let event = provider.normalise(try json(body), eventType: type, tenant: "acme", receivedAt: Timestamp(milliseconds: 77))
        #expect(event.tenant == "acme" && event.source == provider.source && event.eventType == type)
        #expect(event.actor == actor)
        #expect(event.subject == .init(id: subject.id, type: subject.type))
        #expect(event.action == .init(type: action.type, reason: action.reason))
        #expect(text(event.data) == data)
        #expect(event.occurredAt.milliseconds == at)
    }
}

func digestID(_ raw: String) -> String { "sha256-" + text(Hex.encode(Crypto.sha256(Bytes(raw.utf8)))) }
