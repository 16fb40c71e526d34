/// A request as the signature sees it.
public struct SignedRequest: Sendable {
    public let method: String
    /// Public URL: scheme, host (with a port where the provider used one), path and query.
    public let url: String
    public let headers: HeaderFields
    /// Exactly as sent.
    public let body: Bytes

    public init(method: String, url: String, headers: HeaderFields, body: Bytes) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// Only for schemes that sign fields of the body: they must be read before anything is believed. Bounded like any other body.
    var document: JSONDocument? { try? JSONDocument(body) }

    var isForm: Bool {
        guard let type = headers.single("content-type") else { return false }
        return ASCII.equal(ASCII.trimmed(type.prefix { $0 != UInt8(ascii: ";") }), Bytes("application/x-www-form-urlencoded".utf8))
    }

    /// Value of the first of several names that stands exactly once.
    func header(_ names: [String]) -> Bytes? { names.lazy.compactMap { headers.single($0) }.first }
}
