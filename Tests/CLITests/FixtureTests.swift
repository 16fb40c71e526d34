import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct FixtureTests {
    @Test func areAllThere() { #expect(fixturePaths.count == 15) }

    /// Source, the event's name as `send` puts it into a header, and the document.
    private func parts(_ path: String) throws -> (provider: Provider, headers: HeaderFields, events: [JSONValue]) {
        let pieces = path.split(separator: "/")
        let provider = try #require(Catalogue.provider(for: name(String(pieces[0]))))
        let event = String(pieces[1].prefix { $0 != "." })
        return (
            provider, HeaderFields([("x-github-delivery", "d-1"), ("x-github-event", event)]),
            try #require(provider.events(in: JSONDocument(fixture(path))))
        )
    }

    @Test(arguments: fixturePaths)
    func readsToIDAndType(_ path: String) throws {
        let (provider, headers, events) = try parts(path)
        let readings = events.map { provider.read($0, headers: headers) }
        #expect(!readings.isEmpty)
        #expect(Set(readings.map(\.providerEventID)).count == readings.count)
        for reading in readings {
            #expect(!reading.providerEventID.isEmpty && !reading.providerEventID.hasPrefix("sha256-"))
            #expect(!reading.eventType.isEmpty)
        }
        let named = path.split(separator: "/")[1].dropLast(".json".count)
        if named != "contact.batch" { #expect(readings.map(\.eventType) == [String(named)]) }
    }

    @Test(arguments: fixturePaths)
    func holdsNoRealAddress(_ path: String) throws {
        let text = String(decoding: try fixture(path), as: UTF8.self)
        for piece in text.split(separator: "@").dropFirst() { #expect(piece.hasPrefix("example.com")) }
    }

    @Test func batchNamesTwoPeople() throws {
        let (provider, headers, events) = try parts("hubspot/contact.batch.json")
        #expect(Set(events.map { provider.read($0, headers: headers).lane }) == ["hubspot:512001", "hubspot:512002"])
    }

    @Test(arguments: fixturePaths)
    func freshensToANewEvent(_ path: String) throws {
        let (provider, headers, events) = try parts(path)
        var generator = SystemRandomNumberGenerator()
        let body = try fixture(path)
        let fresh = try Freshening(provider: provider, id: nil, now: noon).apply(to: body, using: &generator)
        #expect(fresh != body)
        let changed = try #require(provider.events(in: JSONDocument(fresh)))
        for (old, new) in zip(events, changed) {
            let (before, after) = (provider.read(old, headers: headers), provider.read(new, headers: headers))
            #expect(after.eventType == before.eventType && after.lane == before.lane && after.route == before.route)
            guard !provider.claimsNonce else { continue }
            #expect(after.providerEventID != before.providerEventID)
            #expect(after.occurredAt == noon)
        }
        #expect(Set(changed.map { provider.read($0, headers: headers).providerEventID }).count == events.count)
    }

    @Test(arguments: fixturePaths)
    func signsAsTheProviderDoes(_ path: String) throws {
        let (provider, _, _) = try parts(path)
        let url = "https://hooks.example.com/api/webhooks/x/shop/ingest?a=%40"
        let delivery = Delivery(provider: provider, url: url, body: try fixture(path), id: "d-1", event: "push")
        let request = try delivery.signed(with: Secret("whsec_test"), now: noon)
        let headers = HeaderFields(request.headers.map { ($0.name, $0.value) })
        let shop = TenantName("shop")!
        let verifier = try Verifier(provider, secrets: [(shop, [ProviderSecret(Secret("whsec_test"))])])
        let signed = SignedRequest(method: request.method, url: request.url, headers: headers, body: request.body)
        #expect(try verifier.verify(signed, now: noon).tenant == shop)
        #expect(headers.single("content-type") == Bytes("application/json".utf8))
        #expect(headers.single("x-github-delivery") == (provider.claimsNonce ? Bytes("d-1".utf8) : nil))
    }
}
