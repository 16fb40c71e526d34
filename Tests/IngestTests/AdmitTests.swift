import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct AdmitTests {
    /// The candidates' names, or the refusal.
    private func admit(_ head: RequestHead) throws -> Result<[String], Refusal> {
        let gateway = try Gateway.sample()
        do throws(Refusal) {
            switch try gateway.admit(head) {
            case .health: return .success(["health"])
            case .handshake, .secret: return .success(["handshake"])
            case .webhook(let source, let tenant): return .success((tenant.map { [$0] } ?? source.verifier.tenants).map(\.description))
            }
        } catch { return .failure(error) }
    }

    @Test(
        arguments: [
            ("/api/webhooks/stripe", nil, .success(["acme", "other"])), ("/api/webhooks/stripe/ingest", nil, .success(["acme", "other"])),
            ("/api/webhooks/stripe/acme", nil, .success(["acme"])), ("/api/webhooks/stripe/acme/ingest", nil, .success(["acme"])),
            ("/api/webhooks/stripe/acme/ingest?a=/b", nil, .success(["acme"])), ("/api/webhooks/github/acme", nil, .success(["acme"])),
            // nginx's word counts before the path's.
            ("/api/webhooks/stripe", "other", .success(["other"])), ("/api/webhooks/stripe/acme/ingest", "other", .success(["other"])),
            ("/api/webhooks/stripe/nobody", "acme", .success(["acme"])),
            ("/api/webhooks/stripe/acme", "nobody", .failure(.unknownTenant("nobody"))),
            ("/api/webhooks/stripe/nobody", nil, .failure(.unknownTenant("nobody"))),
            ("/api/webhooks/github/other", nil, .failure(.unknownTenant("other"))),
            ("/api/webhooks/stripe/ACME", nil, .failure(.unknownTenant("ACME"))),
            ("/api/webhooks/stripe/acme%20", nil, .failure(.unknownTenant("acme%20"))),
            ("/api/webhooks/stripe/ingest/ingest", nil, .failure(.unknownTenant("ingest"))),
            ("/api/webhooks/stripe/", nil, .failure(.unknownTenant(""))),
            ("/api/webhooks/strype", nil, .failure(.unknownSource("strype"))),
            ("/api/webhooks/Stripe", nil, .failure(.unknownSource("Stripe"))),
            ("/api/webhooks/", nil, .failure(.unknownSource(""))), ("/api/webhooks//acme", nil, .failure(.unknownSource(""))),
            ("/api/webhooks/../stripe", nil, .failure(.unknownSource(".."))),
            ("/api/webhooks/hubspot-v3", nil, .failure(.unknownSource("hubspot-v3"))),
            ("/api/webhooks", nil, .failure(.unknownPath)), ("/api", nil, .failure(.unknownPath)), ("/", nil, .failure(.unknownPath)),
            ("", nil, .failure(.unknownPath)), ("/api/webhook/stripe", nil, .failure(.unknownPath)),
            ("/API/webhooks/stripe", nil, .failure(.unknownPath)),
            ("/api/webhooks/stripe/acme/ingest/x", nil, .failure(.unknownPath)),
            ("/api/webhooks/stripe/acme/x", nil, .failure(.unknownPath)),
            ("/api/webhooks/stripe/acme/ingest/", nil, .failure(.unknownPath)), ("//api/webhooks/stripe", nil, .failure(.unknownPath)),
            ("/healthz/x", nil, .failure(.unknownPath)), ("/metrics", nil, .failure(.unknownPath)),
        ] as [(String, String?, Result<[String], Refusal>)])
    func routes(_ path: String, tenant: String?, expected: Result<[String], Refusal>) throws {
        #expect(try admit(.post(path, tenant: tenant)) == expected)
    }

    @Test(arguments: ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "post", "", "POST "])
    func methods(_ method: String) throws {
        func head(_ path: String) -> RequestHead { .post(path, [("REQUEST_METHOD", method)]) }
        #expect(try admit(head("/api/webhooks/stripe")) == .failure(.method(method, allowed: "POST")))
        #expect(try admit(head("/api/webhooks/strype")) == .failure(.unknownSource("strype")), "what is not there has no methods")
    }

    @Test(arguments: [("GET", true), ("HEAD", true), ("POST", false), ("get", false)])
    func health(_ method: String, isTaken: Bool) throws {
        let head = RequestHead([("REQUEST_METHOD", method), ("REQUEST_URI", "/healthz?x")])
        #expect(try admit(head) == (isTaken ? .success(["health"]) : .failure(.method(method, allowed: "GET, HEAD"))))
    }

    @Test(
        arguments: [
            ("stripe", 1, nil), ("stripe", 1124, nil), ("stripe", 1125, .bodyTooLarge(limit: 1124)), ("github", 1125, nil),
            ("github", 1_000_001, .bodyTooLarge(limit: 1_000_000)), ("stripe", 0, .emptyBody),
            ("stripe", nil, .headerUnreadable("Content-Length")),
            ("stripe", 999_999_999_999_999_999, .bodyTooLarge(limit: 1124)),
        ] as [(String, Int?, Refusal?)])
    func lengths(_ source: String, length: Int?, expected: Refusal?) throws {
        let result = try admit(.post("/api/webhooks/\(source)/acme", length: length))
        #expect(result == expected.map { .failure($0) } ?? .success(["acme"]))
    }

    @Test(
        arguments: [
            ("application/json", true), ("application/json; charset=utf-8", true), ("Application/Json", true), ("text/plain", false),
            ("", false), (nil, false),
            ("application/x-www-form-urlencoded", false), ("application/jsonp", false), ("application/problem+json", false),
            ("json", false),
            ("application/json, application/json", false),
        ] as [(String?, Bool)])
    func contentTypes(_ type: String?, isTaken: Bool) throws {
        let refused = Refusal.mediaType((type ?? "").lowercased())
        #expect(try admit(.post("/api/webhooks/stripe", type: type)) == (isTaken ? .success(["acme", "other"]) : .failure(refused)))
    }

    @Test func overlongHeaders() throws {
        let many = Array(repeating: ("HTTP_X_A", "1"), count: 200)
        #expect(try admit(.post("/api/webhooks/stripe", many)) == .failure(.headerUnreadable("more or longer fields than we take")))
        #expect(try admit(.post("/api/webhooks/strype", many)) == .failure(.unknownSource("strype")))
    }

    /// Where several things are wrong, the first of these counts.
    @Test func ordersItsRefusals() throws {
        #expect(try admit(.post("/api/webhooks/stripe", length: 9999, type: "text/plain")) == .failure(.bodyTooLarge(limit: 1124)))
        #expect(try admit(.post("/api/webhooks/stripe", length: 0, type: "text/plain")) == .failure(.mediaType("text/plain")))
        #expect(try admit(.post("/api/webhooks/stripe", length: nil, type: "text/plain")) == .failure(.headerUnreadable("Content-Length")))
    }
}
