/// What ingest learns from one verified event to store and route it.
public struct EventReading: Sendable, Equatable {
    /// The provider's id, as it goes into the idempotency key; a digest of the event where the provider gave none.
    public let providerEventID: String
    /// Empty where the provider names none.
    public let eventType: String
    public let occurredAt: Timestamp?
    public let route: Route
    /// Whose event it is, see `CanonicalEvent.lane`.
    public let lane: String?
}

extension Provider {
    /// - Parameters:
    ///   - event: the post's value, or one element of its array.
    ///   - overrides: the operator's own routes, which count before the catalogue's.
    ///   - receivedAt: for the few whose events repeat each other, see `Piece.arrival`.
    public func read(
        _ event: JSONValue, headers: HeaderFields, overrides: [RouteOverride] = [], receivedAt: Timestamp? = nil
    ) -> EventReading {
        let type = eventType(of: event, headers: headers)
        let mapping = place(ofMappingFor: type)
        let route = overrides.first { $0.pattern.matches(type) }?.route ?? mapping.map { mappings[$0].route } ?? .keep
        return EventReading(
            providerEventID: id(of: event, headers: headers, receivedAt: receivedAt), eventType: type,
            occurredAt: moment(of: event, headers: headers), route: route,
            lane: mapping.map { mappings[$0].lane(of: event, source) } ?? Mapping.generic.lane(of: event, source))
    }

    /// - Parameters:
    ///   - eventType: as stored, since part of it may have stood in a header.
    ///   - receivedAt: stands in for a time that the provider does not send.
    ///   - occurredAt: as it was read at the door; privacy rules may have left it out of what is stored.
    public func normalise(
        _ event: JSONValue, eventType: String, tenant: TenantName, receivedAt: Timestamp, occurredAt: Timestamp? = nil,
        headers: HeaderFields = HeaderFields()
    )
        -> CanonicalEvent
    {
        let mapping = mapping(for: eventType) ?? .generic
        return CanonicalEvent(
            tenant: tenant, source: source, eventType: eventType,
            actor: mapping.actor(in: event),
            subject: mapping.subject(in: event),
            action: .init(type: mapping.action ?? Self.action(of: eventType), reason: event.firstText(at: mapping.reason)),
            data: mapping.data(of: event),
            occurredAt: moment(of: event, receivedAt: receivedAt, occurredAt: occurredAt, headers: headers))
    }

    /// When an event happened, as `normalise` has it.
    public func moment(of event: JSONValue, receivedAt: Timestamp, occurredAt: Timestamp?, headers: HeaderFields) -> Timestamp {
        moment(of: event, headers: headers) ?? occurredAt ?? receivedAt
    }

    /// The last word of `customer.updated`. Providers have several words for the two that WordPress must know.
    private static func action(of eventType: String) -> String? {
        let text = eventType.utf8
        // `split(separator:)` walks the text as characters, at a twentieth of all that is done to push an event.
        guard let end = text.lastIndex(where: { $0 != UInt8(ascii: ".") }) else { return nil }
        let start = text[..<end].lastIndex(of: UInt8(ascii: ".")).map(text.index(after:)) ?? text.startIndex
        return switch eventType[start...end] {
        case "creation": "created"
        case "deletion", "privacyDeletion": "deleted"
        case let word: String(word)
        }
    }

    private func text(_ piece: Piece, event: JSONValue, headers: HeaderFields, receivedAt: Timestamp? = nil) -> String? {
        switch piece {
        case .header(let name): headers.text(name)
        case .json(let path): event.value(at: path)?.scalarText
        case .digest: "sha256-" + String(decoding: Hex.encode(Crypto.sha256(event.raw)), as: UTF8.self)
        case .firstOf(let pieces):
            pieces.lazy.compactMap { self.text($0, event: event, headers: headers, receivedAt: receivedAt) }.first { !$0.isEmpty }
        case .headerPair(let name, let key): Self.pair(key, in: headers.single(name) ?? [])
        case .nameBeside(let other): event.firstName { $0 != other }
        case .claim(let header, let name): headers.single(header).flatMap(WebToken.init)?.claim(name)
        case .arrival: receivedAt.map { String($0.milliseconds) }
        }
    }

    private static func pair(_ key: String, in field: Bytes) -> String? {
        let pairs = field.split(separator: UInt8(ascii: ",")).map(ASCII.trimmed)
        return pairs.first { $0.starts(with: Bytes("\(key)=".utf8)) }.map {
            String(decoding: $0.dropFirst(key.utf8.count + 1), as: UTF8.self)
        }
    }

    private func id(of event: JSONValue, headers: HeaderFields, receivedAt: Timestamp?) -> String {
        let first = eventID.first.flatMap { text($0, event: event, headers: headers, receivedAt: receivedAt) } ?? ""
        guard !first.isEmpty else { return "sha256-" + String(decoding: Hex.encode(Crypto.sha256(event.raw)), as: UTF8.self) }
        guard eventID.count > 1 else { return first.boundedKey }
        let more = eventID.dropFirst().compactMap { text($0, event: event, headers: headers, receivedAt: receivedAt) }
        return ([first] + more).joined(separator: ".").boundedKey
    }

    /// What the plugin's column holds.
    private static let mostTypeCharacters = 191

    private func eventType(of event: JSONValue, headers: HeaderFields) -> String {
        let type =
            eventType.count == 1
            ? text(eventType[0], event: event, headers: headers) ?? ""
            : eventType.compactMap { text($0, event: event, headers: headers) }.filter { !$0.isEmpty }.joined(separator: ".")
        if type.utf8.count <= Self.mostTypeCharacters, !type.hasNUL { return type }
        return String(type.unicodeScalars.prefix(Self.mostTypeCharacters).filter { $0 != "\0" })
    }

    /// A time of the years that RFC 3339 can write; nil for what the provider cannot mean.
    private func moment(of event: JSONValue, headers: HeaderFields) -> Timestamp? {
        func first(_ pieces: [Piece], _ read: (String) -> Timestamp?) -> Timestamp? {
            for piece in pieces {
                if let moment = text(piece, event: event, headers: headers).flatMap(read) { return moment }
            }
            return nil
        }
        let moment: Timestamp? =
            switch occurredAt {
            // Where a number is too large for seconds it is milliseconds (Meta and Mailtrap send both).
            case .seconds(let pieces): first(pieces, Self.seconds)
            case .milliseconds(let pieces): first(pieces) { Int64(decimalDigits: $0.utf8).map(Timestamp.init(milliseconds:)) }
            case .rfc3339(let pieces): first(pieces, Timestamp.init(rfc3339:))
            case .utc(let pieces): first(pieces) { Timestamp(rfc3339: $0) ?? Timestamp(rfc3339: $0 + "Z") }
            case nil: nil
            }
        return moment.flatMap { (0..<253_402_300_800_000).contains($0.milliseconds) ? $0 : nil }
    }

    private static func seconds(_ text: String) -> Timestamp? {
        if let whole = Int64(decimalDigits: text.utf8), whole < 100_000_000_000 { return Timestamp(seconds: whole) }
        return Double(text).flatMap { Timestamp(fractionalSeconds: $0 < 1e11 ? $0 : $0 / 1000) }
    }
}

/// An operator's own word on where an event type goes.
public struct RouteOverride: Sendable, Equatable {
    public let pattern: EventPattern
    public let route: Route

    public init(pattern: EventPattern, route: Route) {
        self.pattern = pattern
        self.route = route
    }
}

extension Mapping {
    /// As `CanonicalEvent.lane` has it. Who is known by an id needs no other look at the event.
    func lane(of event: JSONValue, _ source: SourceName) -> String? {
        if let id = actorID(in: event) { return CanonicalEvent.lane(source: source, actor: .init(id: id), subject: .init()) }
        return CanonicalEvent.lane(source: source, actor: actor(in: event), subject: subject(in: event))
    }

    private func actorID(in event: JSONValue) -> String? { event.firstText(at: actorID).flatMap { $0 == nobody ? nil : $0 } }

    public func actor(in event: JSONValue) -> CanonicalEvent.Actor {
        var actor = CanonicalEvent.Actor(
            id: actorID(in: event), email: event.firstText(at: actorEmail),
            name: event.firstText(at: actorName))
        if case .property(let name, let value) = data, actor.email == nil, event.firstText(at: [name]) == "email" {
            actor.email = event.firstText(at: [value])
        }
        return actor
    }

    func subject(in event: JSONValue) -> CanonicalEvent.Subject { .init(id: event.firstText(at: subjectID), type: subjectType) }

    func data(of event: JSONValue) -> Bytes {
        let json: Bytes =
            switch data {
            case .whole: Bytes(event.raw)
            case .object(let path): event.value(at: path).flatMap { $0.isObject ? Bytes($0.raw) : nil } ?? Bytes(event.raw)
            case .property(let name, let value): property(name, value, of: event) ?? Bytes(event.raw)
            }
        return event.document.hasLoneSurrogate ? JSONText.repairSurrogates(in: json) : json
    }

    /// The same as a value, where it stands if it can be read there.
    public func members(of event: JSONValue) -> JSONValue? {
        if !event.document.hasLoneSurrogate {
            switch data {
            case .whole: return event
            case .object(let path): return event.value(at: path).flatMap { $0.isObject ? $0 : nil } ?? event
            case .property: break
            }
        }
        return (try? JSONDocument(data(of: event)))?.root
    }

    private func property(_ name: JSONPath, _ value: JSONPath, of event: JSONValue) -> Bytes? {
        guard let name = event.value(at: name), name.string != nil, let value = event.value(at: value) else { return nil }
        return [UInt8(ascii: "{")] + name.raw + [UInt8(ascii: ":")] + value.raw + [UInt8(ascii: "}")]
    }
}
