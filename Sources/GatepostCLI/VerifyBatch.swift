import Common

/// One line of `gatepost verify --batch`: a request with everything that its signature is judged by. No settings, no store, no clock.
struct VerifyBatchLine {
    /// Room for the largest body that a source may have, in base 64, and all that stands beside it.
    static let mostBytes = 96 << 20

    /// Judges one line. Whatever stands in it, and be it nothing, the answer is one line of JSON.
    static func answer(_ line: LineReader.Line) -> Bytes {
        switch line {
        case .text(let line): answer(line)
        case .tooLong: verdict(name: "", accept: false, reason: "line_too_long")
        }
    }

    static func answer(_ line: Bytes) -> Bytes {
        guard let root = (try? JSONDocument(line, maxDepth: 16))?.root, root.isObject else {
            return verdict(name: "", accept: false, reason: "line_unreadable")
        }
        let name = root["name"]?.scalarText ?? ""
        do throws(Rejection) {
            let line = try VerifyBatchLine(root)
            try line.verify()
            return verdict(name: name, accept: true, reason: "signature verified", line.events)
        } catch {
            return verdict(name: name, accept: false, reason: error.reason)
        }
    }

    private struct Rejection: Error { let reason: String }

    private let provider: Provider
    private let secrets: [Secret]
    private let request: SignedRequest
    private let now: Timestamp
    private let certificates: CertificateStore

    private init(_ root: JSONValue) throws(Rejection) {
        guard let provider = root["provider"]?.string.flatMap(Catalogue.provider(named:)) else {
            throw Rejection(reason: "unknown_provider")
        }
        guard let body = root["body_base64"]?.string.flatMap({ Base64.decode(Bytes($0.utf8)) }) else {
            throw Rejection(reason: "body_base64 is not base 64")
        }
        guard let seconds = root["now_epoch"]?.double, let now = Timestamp(fractionalSeconds: seconds) else {
            throw Rejection(reason: "now_epoch is not a number of seconds")
        }
        var headers = HeaderFields()
        root["headers"]?.forEachMember { name, value in
            for text in value.isArray ? value.elements.map(\.scalarText) : [value.scalarText] {
                headers.append(name: (name.string ?? "").utf8, value: Bytes((text ?? "").utf8))
            }
        }
        var byURL: [String: String] = [:]
        root["certificates"]?.forEachMember { url, pem in byURL[url.string ?? ""] = pem.string ?? "" }
        self.provider = provider
        self.now = now
        secrets = (root["secrets"]?.elements ?? []).compactMap { $0.string.map { Secret($0) } }
        request = SignedRequest(method: root["method"]?.string ?? "POST", url: root["url"]?.string ?? "", headers: headers, body: body)
        certificates = CertificateStore(byURL: byURL, anchors: root["trust_anchors_pem"]?.elements.compactMap(\.string) ?? [])
    }

    private func verify() throws(Rejection) {
        let verifier = try verifier()
        do throws(VerificationFailure) {
            _ = try verifier.verify(request, now: now, certificates: certificates)
        } catch {
            throw Rejection(reason: error.tag)
        }
    }

    /// With the secrets that are of the provider's form: one that is not keeps none of the others from fitting.
    private func verifier() throws(Rejection) -> Verifier {
        var usable: [ProviderSecret] = []
        var fault: SecretError?
        for secret in secrets.map({ ProviderSecret($0) }) {
            do throws(SecretError) {
                _ = try Self.verifier(provider, [secret])
                usable.append(secret)
            } catch {
                fault = fault ?? error
            }
        }
        if usable.isEmpty, let fault { throw Rejection(reason: "secret: \(fault)") }
        do throws(SecretError) {
            return try Self.verifier(provider, usable)
        } catch {
            throw Rejection(reason: "secret: \(error)")
        }
    }

    /// Whom a line's secrets belong to.
    private static let tenant = TenantName("batch")

    private static func verifier(_ provider: Provider, _ secrets: [ProviderSecret]) throws(SecretError) -> Verifier {
        try Verifier(provider, secrets: tenant.map { [($0, secrets)] } ?? [])
    }

    /// Ids and types as ingest would read them; none where the body is not what the provider sends.
    private var events: [EventReading] {
        let type = request.headers.single("content-type").map { MediaType.name(of: String(decoding: $0, as: UTF8.self)) } ?? ""
        guard let document = try? provider.document(of: request.body, mediaType: type), let events = provider.events(in: document) else {
            return []
        }
        return events.map { provider.read($0, headers: request.headers) }
    }

    private static func verdict(name: String, accept: Bool, reason: String, _ events: [EventReading] = []) -> Bytes {
        let ids = events.map { JSONText.quoted($0.providerEventID) }.joined(separator: Bytes(",".utf8))
        var json = Bytes("{\"name\":".utf8) + JSONText.quoted(name)
        json += Array(",\"verdict\":\"\(accept ? "accept" : "reject")\",\"reason\":".utf8) + JSONText.quoted(reason)
        json += Array(",\"event_ids\":[".utf8) + ids
        return json + Array("],\"event_type\":".utf8) + (events.first.map { JSONText.quoted($0.eventType) } ?? Bytes("null".utf8))
            + Array("}".utf8)
    }
}
