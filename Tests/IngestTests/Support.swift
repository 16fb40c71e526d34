import Foundation

@testable import Common
@testable import IngestFCGI

let noon = Timestamp(milliseconds: 1_795_456_800_123)

func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

func source(_ name: String) -> SourceName { SourceName(name)! }

func tenant(_ name: String) -> TenantName { TenantName(name)! }

extension RequestHead {
    /// From CGI's meta-variables, as nginx would give them; the request id is `made` where none is usable.
    convenience init(_ parameters: [(String, String)]) {
        self.init(parameters: parameters.map { (name: Bytes($0.utf8), value: Bytes($1.utf8)) }) { "made" }
    }

    /// A webhook's post with a body of that many bytes.
    static func post(
        _ path: String, length: Int? = 2, type: String? = "application/json", tenant: String? = nil, _ more: [(String, String)] = []
    ) -> RequestHead {
        let own = [
            ("REQUEST_METHOD", "POST"), ("REQUEST_URI", path), ("HTTP_HOST", "hooks.example"), ("HTTPS", "on"),
            ("REMOTE_ADDR", "192.0.2.1"),
            ("GATEPOST_REQUEST_ID", "request-1"), ("CONTENT_LENGTH", length.map(String.init)), ("CONTENT_TYPE", type),
            ("GATEPOST_TENANT", tenant),
        ]
        return RequestHead(own.compactMap { name, value in value.map { (name, $0) } } + more)
    }
}

extension Gateway {
    /// Stripe knows acme (two secrets) and other, GitHub and HubSpot know acme alone. Stripe's limit is 100 bytes more than the rest's.
    static func sample(publicURL: String? = nil, routes: [RouteOverride] = []) throws -> Gateway {
        var settings = Settings()
        settings.publicURL = publicURL
        for (name, secrets) in [
            ("stripe", [("acme", ["whsec_old", "whsec_new"]), ("other", ["whsec_other"])]), ("github", [("acme", ["gh"])]),
            ("hubspot", [("acme", ["hs"])]),
        ] {
            settings.sources[source(name)] = Settings.Source(
                provider: Catalogue.provider(for: source(name))!, bodyLimit: name == "stripe" ? 1124 : 1_000_000, routes: routes,
                secrets: secrets.map { (tenant($0), $1.map { ProviderSecret(Secret($0)) }) })
        }
        return try Gateway(settings)
    }

    /// Signs as the provider would, and has the whole request judged.
    func judge(
        _ name: String, _ body: Bytes, secret: String, path: String? = nil, signedURL: String? = nil, at now: Timestamp = noon,
        headers more: [(String, String)] = []
    ) throws -> [NewEvent] {
        let scheme = Catalogue.provider(for: source(name))!.schemes[0]
        let path = path ?? "/api/webhooks/\(name)/ingest"
        let request = SignedRequest(method: "POST", url: signedURL ?? "https://hooks.example\(path)", headers: HeaderFields(), body: body)
        let signed = try scheme.sign(request, with: Bytes(secret.utf8), now: now) ?? []
        let fields = (signed.map { ($0.name, $0.value) } + more).map { name, value in
            ("HTTP_" + name.uppercased().replacing("-", with: "_"), value)
        }
        let head = RequestHead.post(path, length: body.count, fields)
        guard case .webhook(let source, let tenant) = try admit(head) else { return [] }
        guard case .store(let events, _) = try decide(head, body: body, source: source, tenant: tenant, now: now) else { return [] }
        return events
    }
}

/// A directory that is gone with the value.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "gatepost-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
