import Common

/// One rejected request as people and programs see it: no credential, of a signature its beginning alone.
struct RejectedView {
    let stored: StoredRejection
    let explanation: Explanation?
    var providers = Providers.catalogue

    private var provider: Provider? { providers[source: stored.rejection.source] }

    var headers: [(name: String, value: String)] {
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
    static func withoutValues(_ url: String) -> String {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return url }
        let names = parts[1].split(separator: "&").map { $0.contains("=") ? "\($0.prefix { $0 != "=" })=…" : "…" }
        return "\(parts[0])?\(names.joined(separator: "&"))"
    }

    private var payload: String {
        (try? JSONDocument(stored.body)).map { masked(JSONTree($0.root).text) }
            ?? masked(String(decoding: stored.body, as: UTF8.self).printable)
    }

    /// A token that stands in the body is a secret all the same: another tenant's may have come to the wrong address.
    private func masked(_ text: String) -> String {
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

    var json: JSONTree {
        guard case .object(let members) = stored.rejection.json else { return .null }
        return .object(
            members + [
                .init(name: "today", value: explanation.map { ExplanationView(explanation: $0).json } ?? .null),
                .init(name: "method", value: .string(stored.method)),
                .init(name: "url", value: .string(Self.withoutValues(stored.url))),
                .init(name: "headers", value: .object(headers.map { .init(name: $0.name, value: .string($0.value)) })),
                .init(name: "payload", value: .string(masked(String(decoding: stored.body, as: UTF8.self)))),
            ])
    }

    func print(now: Timestamp) {
        section(nil, rows(now: now))
        Output.line("\njudged by today's settings, as of its arrival")
        let words = explanation.map { ExplanationView(explanation: $0).lines } ?? ["the settings cannot be read; see gatepost check"]
        for line in words { Output.line(line.isEmpty ? "" : "  \(line)") }
        section("headers", headers.map { ($0.name, $0.value) })
        Output.line("\npayload (\(ByteCount.text(stored.body.count)))")
        Output.line(payload)
    }

    private func section(_ title: String?, _ rows: [(String, String?)]) {
        if let title { Output.line("\n\(title)") }
        var table = Table([])
        for (name, value) in rows { table.add([title == nil ? name : "  \(name)", value]) }
        Output.table(table)
    }

    private func rows(now: Timestamp) -> [(String, String?)] {
        let rejection = stored.rejection
        return [
            ("id", rejection.id), ("source", rejection.source), ("tenant", rejection.tenant?.description),
            ("received", Age.dated(rejection.receivedAt, now: now)), ("reason", rejection.reason), ("in words", rejection.explanation),
            ("from", rejection.address), ("request", "\(stored.method) \(Self.withoutValues(stored.url))"),
            ("request id", rejection.requestID), ("missed before", rejection.missed == 0 ? nil : String(rejection.missed)),
            ("outcome", rejection.outcome?.rawValue), ("settled", rejection.settledAt.map { Age.dated($0, now: now) }),
            ("became", rejection.eventIDs.isEmpty ? nil : rejection.eventIDs.joined(separator: " ")),
        ]
    }
}
