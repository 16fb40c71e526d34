/// Which state of which object an event brought, for providers whose API lists objects and not deliveries: there the two have no id in
/// common, and only this says that they tell the same.
public struct ObjectState: Sendable, Equatable {
    /// The event's type: `orders/updated`. What happened to the object is part of it, or `orders/paid` would be taken for it.
    public let type: String
    public let object: String
    /// The one property that the event is about (HubSpot).
    public let property: String?
    public let moment: Timestamp

    public init(type: String, object: String, property: String? = nil, moment: Timestamp) {
        self.type = type
        self.object = object
        self.property = property
        self.moment = moment
    }

    /// An object is created once, whenever we hear of it.
    public var isCreation: Bool { ["create", "created", "creation"].contains(word) }

    private var word: Substring { type.split { $0 == "." || $0 == "/" }.last ?? "" }

    /// `orders` of `orders/updated`, `contact` of `contact.propertyChange`.
    public var kind: Substring { type.split { $0 == "." || $0 == "/" }.first ?? "" }

    private var text: String {
        let parts = [type, object, property ?? ""]
        return parts.map { "\($0.utf8.count):\($0)" }.joined() + (isCreation ? "" : "@\(moment.milliseconds)")
    }

    /// What it is remembered by.
    public func digest(source: SourceName, tenant: TenantName) -> Bytes {
        Crypto.sha256(Bytes("state:\(source):\(tenant):\(text)".utf8))
    }

    /// This state as a provider's list may tell it, whatever event has brought it. For an event that is about to be emptied: what is listed of
    /// it later is no news.
    public var asListed: [ObjectState] {
        let mark = type.contains("/") ? "/" : "."
        let words = property == nil ? ["updated", "update", "create", "created", "creation"] : ["creation"]
        return [self] + words.map { ObjectState(type: "\(kind)\(mark)\($0)", object: object, moment: moment) }
    }

    /// What the events of one object, or of one of its properties, have in common.
    public var subject: String {
        let about = property.map { "\(type)|\($0)" } ?? (isCreation ? "\(kind)+" : "\(kind)")
        return "\(about)|\(object)"
    }

    public static func creation(of kind: some StringProtocol, _ object: String) -> String { "\(kind)+|\(object)" }
}

/// Where an event says it.
public struct StatePlaces: Sendable {
    let type: Provider.Piece
    let object: JSONPath
    var property: JSONPath?
    /// RFC 3339, without an offset in UTC, or milliseconds.
    let moment: JSONPath
    /// Where the first has none: an object that was never changed.
    var orElse: JSONPath?
}

extension Provider {
    /// Nil where the event does not say it, and for providers whose API lists events under the ids that their webhooks have.
    public func state(of event: JSONValue, headers: HeaderFields) -> ObjectState? {
        guard let state, let object = event.value(at: state.object)?.scalarText,
            let moment = [state.moment, state.orElse].lazy.compactMap({ $0 }).compactMap({ event.value(at: $0)?.scalarText })
                .compactMap(Self.moment(of:)).first
        else { return nil }
        let type: String? =
            switch state.type {
            case .header(let name): headers.text(name)
            case .json(let path): event.value(at: path)?.scalarText
            default: nil
            }
        guard let type, !type.isEmpty else { return nil }
        return ObjectState(
            type: type, object: object, property: state.property.flatMap { event.value(at: $0)?.scalarText }, moment: moment)
    }

    private static func moment(of text: String) -> Timestamp? {
        if let milliseconds = Int64(decimalDigits: text.utf8) { return Timestamp(milliseconds: milliseconds) }
        return Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "Z")
    }
}

extension Provider {
    /// Its API lists objects, not deliveries.
    public var listsObjects: Bool { state != nil }
}
