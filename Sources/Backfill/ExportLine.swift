import Common

/// One event of a file, a line of JSON: what `gatepost events export` writes and `gatepost backfill FILE` reads.
public struct ExportLine: Sendable {
    public let source: SourceName
    /// Nil where the file leaves it to whoever reads it.
    public let tenant: TenantName?
    public let receivedAt: Timestamp?
    public let headers: HeaderFields
    public let body: Bytes
    /// The key that it had where the file was written.
    public let idempotencyKey: String?
    public let occurredAt: Timestamp?

    /// Longer lines are refused unread: twice the largest body that ingest takes, in base 64.
    public static let mostBytes = 192 << 20

    /// Why a line is none, in words.
    public struct Fault: Error, CustomStringConvertible { public let description: String }

    public init(_ line: Bytes) throws(Fault) {
        guard let root = (try? JSONDocument(line))?.root, root.isObject else { throw Fault(description: "is no JSON object") }
        guard let source = root["source"]?.string.flatMap({ SourceName($0) }) else { throw Fault(description: "has no source") }
        self.source = source
        tenant = root["tenant"]?.string.flatMap { TenantName($0) }
        if tenant == nil, root["tenant"]?.isNull == false { throw Fault(description: "has a tenant that is no name") }
        receivedAt = root["received_at"]?.string.flatMap { Timestamp(rfc3339: $0) }
        idempotencyKey = root["idempotency_key"]?.string
        occurredAt = root["occurred_at"]?.string.flatMap { Timestamp(rfc3339: $0) }
        headers = HeaderFields(json: root["headers"].map { Bytes($0.raw) } ?? Bytes("{}".utf8))
        if let text = root["body_base64"]?.string {
            guard let bytes = Base64.decode(Bytes(text.utf8)) else { throw Fault(description: "has a body_base64 that is no base 64") }
            body = bytes
        } else if let value = root["body"], value.isObject {
            body = Bytes(value.raw)
        } else {
            throw Fault(description: "has neither body_base64 nor an object as body")
        }
        guard !body.isEmpty else { throw Fault(description: "has no payload: it was not kept") }
    }

    /// The line of a stored event, without its end.
    public static func text(of record: EventExport.Record) -> Bytes {
        let event = record.summary
        var line = Bytes("{\"id\":".utf8) + JSONText.quoted(event.id)
        for (name, value) in [
            ("source", event.source), ("tenant", event.tenant), ("event_type", event.type), ("received_at", event.receivedAt.description),
            ("occurred_at", event.occurredAt?.description), ("status", event.status), ("idempotency_key", event.idempotencyKey),
            ("created_by", record.createdBy),
        ] {
            line += ",\"\(name)\":".utf8 + (value.map { JSONText.quoted($0) } ?? Bytes("null".utf8))
        }
        line += ",\"headers\":".utf8 + record.headers
        return line + ",\"body_base64\":\"".utf8 + Base64.encode(record.rawBody) + "\"}".utf8
    }
}
