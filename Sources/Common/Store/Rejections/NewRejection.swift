/// A request that verification refused and that is to be kept.
public struct NewRejection: Sendable {
    /// As it came; its URL is nginx's.
    public let arrival: Arrival
    public let source: SourceName
    /// Whom the address named; nil: any of the source's.
    public let tenant: TenantName?
    /// A tag.
    public let reason: String
    public let explanation: String
    /// Of its source, not kept since the one before.
    public let missed: Int
    /// Without credentials, a JSON object's text.
    let headers: Bytes
    let head: Bytes

    public init(_ arrival: Arrival, provider: Provider, tenant: TenantName?, reason: String, explanation: String, missed: Int) {
        self.arrival = arrival
        source = provider.source
        self.tenant = tenant
        self.reason = reason
        self.explanation = explanation
        self.missed = missed
        headers = arrival.request.headers.json(without: provider.credentialHeaders)
        head = arrival.request.headers.lines
    }

    var bytes: Int { Self.bytes(of: arrival.request) }

    /// What counts against the bounds.
    public static func bytes(of request: SignedRequest) -> Int {
        request.body.count + request.headers.fields.reduce(0) { $0 + $1.name.count + $1.value.count + 3 }
    }
}

extension HeaderFields {
    /// `name: value` lines, each byte as it came: what is signed must come back exactly. No value holds a line end (RFC 9110, 5.5); one
    /// that does has a blank there.
    var lines: Bytes {
        fields.reduce(into: Bytes()) { lines, field in
            lines += field.name + Bytes(": ".utf8)
            lines += field.value.map { $0 == 0x0A ? 0x20 : $0 }
            lines.append(0x0A)
        }
    }

    /// Reads what `lines` wrote.
    init(lines: Bytes) {
        self.init()
        for line in lines.split(separator: 0x0A) {
            guard let mark = line.firstRange(of: Bytes(": ".utf8)) else { continue }
            append(name: line[..<mark.lowerBound], value: Bytes(line[mark.upperBound...]))
        }
    }
}
