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
    public var document: JSONDocument? { try? JSONDocument(body) }

    /// The same within a form's field, where the body is a form.
    func document(inField field: String?) -> JSONDocument? {
        guard let field, isForm || mediaType == "multipart/form-data" else { return document }
        return form?.value(field).flatMap { try? JSONDocument($0) }
    }

    public var isForm: Bool { mediaType == "application/x-www-form-urlencoded" }

    var form: FormFields? { FormFields(body, mediaType: mediaType) }

    private var mediaType: String {
        headers.single("content-type").map { MediaType.name(of: String(decoding: $0, as: UTF8.self)) } ?? ""
    }

    /// Value of the first of several names that stands exactly once.
    func header(_ names: [String]) -> Bytes? { names.lazy.compactMap { headers.single($0) }.first }
}
