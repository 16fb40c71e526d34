import Foundation
import Testing

@testable import Common
@testable import IngestFCGI

/// What providers hear, to requests that the vectors hold (Tests/Vectors): handshakes, their own answers to events, and refusals.
@Suite struct AnswerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let vector: String
        let status: Int
        let contentType: String?
        /// Nil: ours, or whatever the next test looks at.
        let body: String?
        var testDescription: String { vector }

        init(_ vector: String, _ status: Int, _ contentType: String?, _ body: String?) {
            (self.vector, self.status, self.contentType, self.body) = (vector, status, contentType, body)
        }
    }

    private static let plain = "text/plain; charset=utf-8"

    static let cases: [Case] = [
        Case("slack/url-verification", 200, plain, nil),
        Case("slack/valid", 200, nil, ""),
        Case("zoom/url-validation", 200, "application/json", nil),
        Case("zoom/valid", 200, nil, ""),
        // Discord asks with right and wrong signatures, and wants a content type even where there is no content.
        Case("discord/ping", 204, "application/json", ""),
        Case("discord/ping-wrongly-signed", 401, "application/problem+json", nil),
        Case("discord/valid", 204, "application/json", ""),
        Case("xero/intent-to-receive", 200, nil, ""),
        Case("xero/intent-to-receive-wrong", 401, nil, ""),
        Case("xero/valid", 200, nil, ""),
        Case("xero/signature-missing", 401, nil, ""),
        Case("twitch/callback-verification", 200, plain, nil),
        Case("woocommerce/ping", 200, nil, ""),
        Case("woocommerce/valid", 202, "application/json", nil),
        Case("adyen/valid", 200, "text/plain", "[accepted]"),
        Case("dropbox-sign/valid", 200, "text/plain", "Hello API Event Received"),
        // Telegram would run what stands in the answer, Twilio does.
        Case("telegram/valid", 200, nil, ""),
        Case("twilio/valid", 200, "text/xml", "<Response/>"),
        Case("meta/valid", 200, nil, ""),
        Case("trello/valid", 200, nil, ""),
        Case("okta/valid", 204, nil, ""),
        Case("webflow/valid", 200, nil, ""),
        Case("monday/valid", 200, nil, ""),
        Case("paystack/valid", 200, nil, ""),
        // ClickUp asks for nothing beforehand, and is content with any 2xx.
        Case("clickup/valid", 202, "application/json", nil),
        Case("github/valid", 202, "application/json", nil),
        Case("github/wrong-secret", 401, "application/problem+json", nil),
    ]

    @Test(arguments: cases)
    func hears(_ one: Case) throws {
        let reply = try Self.answer(to: one.vector)
        #expect(reply.status == one.status && reply.contentType == one.contentType)
        if let body = one.body { #expect(text(reply.body) == body) }
    }

    @Test func challengesComeBack() throws {
        for (vector, path) in [("slack/url-verification", "$.challenge"), ("twitch/callback-verification", "$.challenge")]
            as [(String, JSONPath)]
        {
            let (_, body, _) = try Self.request(vector)
            let challenge = try #require(try JSONDocument(body).root.value(at: path)?.string)
            #expect(text(try Self.answer(to: vector).body) == challenge)
        }
        let (_, body, root) = try Self.request("zoom/url-validation")
        let token = try #require(try JSONDocument(body).root["payload"]?["plainToken"]?.string)
        let secret = try #require(root["secrets"]?.elements.first?.string)
        let code = try HMACKey(Bytes(secret.utf8)).code(over: Bytes(token.utf8))
        #expect(
            text(try Self.answer(to: "zoom/url-validation").body)
                == #"{"plainToken":"\#(token)","encryptedToken":"\#(text(Hex.encode(code)))"}"#)
    }

    /// The verify token comes in an address: it must not be good for a signature.
    @Test func metasTokenSignsNothing() throws {
        let gateway = try Self.gateway("meta", secrets: ["app-secret", "verify:let me in"])
        func ask(_ token: String, of path: String = "acme") throws -> Reply? {
            let query = "?hub.mode=subscribe&hub.verify_token=\(token)&hub.challenge=1158201444"
            let head = RequestHead.post("/api/webhooks/meta/\(path)/ingest\(query)", length: nil, [("REQUEST_METHOD", "GET")])
            guard case .handshake(let reply) = try gateway.admit(head) else { return nil }
            return reply
        }
        #expect(try ask("let%20me%20in") == .text(Bytes("1158201444".utf8)))
        #expect(try ask("guess")?.status == 401)
        #expect(try ask("")?.status == 401)
        let body = Bytes(#"{"object":"page","entry":[]}"#.utf8)
        #expect(throws: Never.self) { try gateway.judge("meta", body, secret: "app-secret") }
        for secret in ["let me in", "verify:let me in", ""] {
            let key = try HMACKey(Bytes(secret.utf8))
            let signature = "sha256=" + text(Hex.encode(key.code(over: body)))
            let head = RequestHead.post("/api/webhooks/meta/ingest", length: body.count, [("HTTP_X_HUB_SIGNATURE_256", signature)])
            #expect(Self.answer(to: head, body, by: gateway, now: noon).status == 401)
        }
    }

    // MARK: From a vector to a request

    private static func request(_ name: String) throws -> (RequestHead, Bytes, JSONValue) {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors")
        let provider = String(name.prefix { $0 != "/" })
        let lines = try String(contentsOf: folder.appending(path: "\(provider).jsonl"), encoding: .utf8).split(separator: "\n")
        let roots = try lines.map { try JSONDocument(Bytes($0.utf8)).root }
        let root = try #require(roots.first { $0["name"]?.string == name }, "no vector \(name)")
        let body = try #require(root["body_base64"]?.string.flatMap { Base64.decode(Bytes($0.utf8)) })
        let url = try #require(URLComponents(string: root["url"]?.string ?? ""))
        var parameters = [
            ("REQUEST_METHOD", root["method"]?.string ?? "POST"), ("HTTPS", "on"), ("HTTP_HOST", url.host ?? ""),
            ("REQUEST_URI", url.percentEncodedPath + (url.percentEncodedQuery.map { "?\($0)" } ?? "")),
            ("CONTENT_LENGTH", String(body.count)), ("REMOTE_ADDR", "192.0.2.1"),
        ]
        root["headers"]?.forEachMember { name, value in
            let name = (name.string ?? "").uppercased().replacing("-", with: "_")
            for value in value.isArray ? value.elements : [value] {
                parameters.append((name == "CONTENT_TYPE" ? name : "HTTP_" + name, value.string ?? ""))
            }
        }
        return (RequestHead(parameters), body, root)
    }

    private static func gateway(_ name: String, secrets: [String]) throws -> Gateway {
        var settings = Settings()
        settings.sources[source(name)] = Settings.Source(
            provider: Catalogue.provider(for: source(name))!, bodyLimit: 1_000_000, routes: [],
            secrets: [(tenant("acme"), secrets.map { ProviderSecret(Secret($0)) })])
        return try Gateway(settings)
    }

    private static func answer(to vector: String) throws -> Reply {
        let (head, body, root) = try request(vector)
        let gateway = try gateway(String(vector.prefix { $0 != "/" }), secrets: root["secrets"]?.elements.compactMap(\.string) ?? [])
        return answer(to: head, body, by: gateway, now: Timestamp(fractionalSeconds: root["now_epoch"]?.double ?? 0)!)
    }

    private static func answer(to head: RequestHead, _ body: Bytes, by gateway: Gateway, now: Timestamp) -> Reply {
        do throws(Refusal) {
            switch try gateway.admit(head) {
            case .handshake(let reply): return reply
            case .webhook(let source, let tenant):
                switch try gateway.decide(head, body: body, source: source, tenant: tenant, now: now) {
                case .reply(let reply): return reply
                case .store(let events, let acknowledgement):
                    return .stored(events.map { _ in .stored(EventID(sequence: 1, entropy: 0)) }, as: acknowledgement)
                }
            case .health, .secret: return Reply(status: 0)
            }
        } catch {
            return .refused(error, isBare: gateway.refusesBare(head))
        }
    }
}
