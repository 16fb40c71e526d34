/// What a stored event says, for people: no credential, of a signature its beginning alone.
public struct EventReadout {
    public let event: StoredEvent
    private let provider: Provider?

    public init(_ event: StoredEvent, providers: Providers) {
        self.event = event
        provider = providers[source: event.summary.source]
    }

    private var storedHeaders: HeaderFields { HeaderFields(json: String(decoding: event.headers, as: UTF8.self)) }

    /// What it is believed by: a backfill's events were asked for, and nobody signed them.
    public var verifiedBy: String {
        guard event.signatureValid else { return "nothing" }
        guard event.createdBy == "backfill" else { return "signature" }
        return storedHeaders.single("gatepost-verified-by").map { String(decoding: $0, as: UTF8.self) } ?? "nothing that is known"
    }

    /// The event itself, also where it came as a form.
    public var payload: JSONValue? {
        provider.flatMap { try? $0.stored(event.rawBody, headers: storedHeaders) } ?? (try? JSONDocument(event.rawBody))?.root
    }

    /// The form in which it goes to WordPress; nil where the stored event cannot be read any more.
    public var canonical: CanonicalEvent? {
        guard let payload, let provider, let tenant = TenantName(event.summary.tenant) else { return nil }
        return provider.normalise(
            payload, eventType: event.summary.type, tenant: tenant, receivedAt: event.summary.receivedAt,
            occurredAt: event.summary.occurredAt, headers: storedHeaders)
    }

    public var headers: [(name: String, value: String)] {
        var fields: [(String, String)] = []
        let signatures = provider?.signatureHeaders ?? []
        (try? JSONDocument(event.headers))?.root.forEachMember { name, value in
            let (name, value) = (name.string ?? "", value.scalarText ?? "")
            let isSignature = signatures.contains(name) || name.contains("signature")
            fields.append((name, isSignature && value.count > 12 ? value.prefix(12) + "…" : value))
        }
        return fields
    }
}
