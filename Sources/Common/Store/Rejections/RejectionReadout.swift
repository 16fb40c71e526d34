/// One rejected request as people and programs see it: no credential, of a signature its beginning alone.
public struct RejectionReadout {
    private let stored: StoredRejection
    private let provider: Provider?

    public init(_ stored: StoredRejection, providers: Providers) {
        self.stored = stored
        provider = providers[source: stored.rejection.source]
    }

    public var headers: [(name: String, value: String)] {
        let (credentials, signatures) = (provider?.credentialHeaders ?? [], provider?.signatureHeaders ?? [])
        return stored.headers.fields.map { field in
            let name = String(decoding: field.name, as: UTF8.self)
            let value = String(decoding: field.value, as: UTF8.self)
            if credentials.contains(name) || Self.isCredential(name) { return (name, "…") }
            let isSignature = signatures.contains(name) || name.contains("signature") || name.contains("hmac")
            return (name, isSignature ? (value.count > 24 ? value.prefix(12) + "…" : "…") : value)
        }
    }

    /// Another provider's token may have come to the wrong address.
    private static func isCredential(_ name: String) -> Bool {
        ["authorization", "cookie", "token", "secret", "api-key", "apikey", "password"].contains { name.contains($0) }
    }

    /// Names of the query without their values: a token may stand there.
    public var url: String { Self.withoutValues(stored.url) }

    static func withoutValues(_ url: String) -> String {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return url }
        let names = parts[1].split(separator: "&").map { $0.contains("=") ? "\($0.prefix { $0 != "=" })=…" : "…" }
        return "\(parts[0])?\(names.joined(separator: "&"))"
    }

    /// The body; a JSON one a member a line.
    public var payload: String { masked((try? JSONDocument(stored.body))?.root.pretty ?? String(decoding: stored.body, as: UTF8.self)) }

    /// A token that stands in the body is a secret all the same: another tenant's may have come to the wrong address.
    public func masked(_ text: String) -> String {
        tokensInBody.reduce(text) { $0.replacing($1, with: "…") }
    }

    private var tokensInBody: [String] {
        (provider?.schemes ?? []).filter { $0.algorithm == .token || $0.algorithm == .basic }.compactMap { scheme in
            switch scheme.place {
            case .json(let path): (try? JSONDocument(stored.body))?.root.value(at: path)?.string
            case .form(let name): FormFields(stored.body)?.value(name).map { String(decoding: $0, as: UTF8.self) }
            default: nil
            }
        }.filter { !$0.isEmpty }
    }
}
