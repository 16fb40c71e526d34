/// A verified event that is to be stored. A class, since it passes from hand to hand and its sixteen fields need not be copied each time.
public final class NewEvent: Sendable {
    public let source: SourceName
    public let tenant: TenantName
    public let reading: EventReading
    public let receivedAt: Timestamp
    public let sourceIP: String?
    public let userAgent: String?
    /// The program or command that brought it in.
    public let createdBy: String
    /// `createdBy` of what came by webhook.
    public static let byWebhook = "ingest"
    public let requestID: String
    public let traceparent: String?
    /// A JSON object's text.
    public let headers: Bytes
    public let rawBody: Bytes
    /// SHA-256 of what was signed, for a scheme whose event id is not.
    public let nonce: Bytes?
    /// Fingerprint of the secret that verified it; nil where there is none.
    public let secret: String?
    /// The whole payload, where what is stored is only part of it and the settings keep it for a while.
    public let original: Original?

    public struct Original: Sendable {
        let body: Bytes
        let until: Timestamp
    }
    /// What says which state of which object it brings, for a provider whose API lists objects; see `ObjectState`.
    public let state: Bytes?

    public init(
        source: SourceName, tenant: TenantName, reading: EventReading, receivedAt: Timestamp, sourceIP: String?, userAgent: String?,
        createdBy: String, requestID: String, traceparent: String?, headers: Bytes, rawBody: Bytes, nonce: Bytes?, secret: String? = nil,
        state: Bytes? = nil, original: Original? = nil
    ) {
        self.source = source
        self.tenant = tenant
        self.reading = reading
        self.receivedAt = receivedAt
        self.sourceIP = sourceIP
        self.userAgent = userAgent
        self.createdBy = createdBy
        self.requestID = requestID
        self.traceparent = traceparent
        self.headers = headers
        self.rawBody = rawBody
        self.nonce = nonce
        self.secret = secret
        self.state = state
        self.original = original
    }

    /// The same event with less in it.
    func minimised(to body: Bytes, lane: String?, headers: Bytes?, original: Original?) -> NewEvent {
        let less = EventReading(
            providerEventID: reading.providerEventID, eventType: reading.eventType, occurredAt: reading.occurredAt, route: reading.route,
            lane: lane)
        return NewEvent(
            source: source, tenant: tenant, reading: less, receivedAt: receivedAt, sourceIP: sourceIP, userAgent: userAgent,
            createdBy: createdBy, requestID: requestID, traceparent: traceparent, headers: headers ?? self.headers, rawBody: body,
            nonce: nonce, secret: secret, state: state, original: original)
    }

    public var idempotencyKey: String { String(decoding: idempotencyKeyText, as: UTF8.self) }

    /// The same as UTF-8.
    var idempotencyKeyText: Bytes {
        let (source, tenant, id) = (source.description, tenant.description, reading.providerEventID.keyText)
        return Bytes.written(atMost: source.utf8.count + tenant.utf8.count + id.utf8.count + 2) { key in
            key.append(source)
            key.append(":")
            key.append(tenant)
            key.append(":")
            key.append(id)
        }
    }
}

/// What became of an event that was to be stored. Both name the event's id; a duplicate's is the first one's as it was read, empty where only
/// the state of an object is known.
public enum StoreOutcome: Sendable, Equatable {
    case stored(EventID)
    case duplicate(String)

    public var eventID: String {
        switch self {
        case .stored(let id): id.description
        case .duplicate(let id): id
        }
    }
}
