import Testing

@testable import Common

/// What holds of every scheme in the catalogue.
@Suite struct SchemePropertyTests {
    /// Whose signature stands in headers alone and covers the whole body; the vectors have the others.
    private static let sources = Catalogue.providers.filter { provider in
        let scheme = provider.scheme
        guard case .hmac = scheme.algorithm, case .header = scheme.place, scheme.secretForm == .text, scheme.encoding != .hexAnyCase,
            scheme.onlyWhen == nil, scheme.orSigned == nil
        else { return false }
        let isPlain = scheme.signed.allSatisfy { part in
            switch part {
            case .body, .timestamp, .method, .url, .literal: true
            default: false
            }
        }
        if case .json = scheme.timestamp?.source { return false }
        return isPlain && scheme.signed.contains(.body)
    }.map(\.source)

    private static let now = Timestamp(milliseconds: 1_795_456_800_456)

    @Test(arguments: sources)
    func whatIsSignedVerifies(_ source: SourceName) throws {
        let scheme = try #require(Catalogue.provider(for: source)).scheme
        let candidates = try keys([("a", ["one"]), ("b", ["two", "three"])], for: scheme)
        var random = Seeded(10)
        for (secret, tenant) in [("one", "a"), ("two", "b"), ("three", "b")] as [(String, TenantName)] {
            for count in [0, 1, 63, 64, 65, 5000] {
                let body = random.bytes(count)
                let headers = try scheme.signature(of: body, with: secret, at: Self.now).map { ($0.name, $0.value) }
                #expect(scheme.verdict(headers, body: body, candidates: candidates, now: Self.now) == .tenant(tenant))
            }
        }
        let headers = try scheme.signature(of: [1], with: "unknown", at: Self.now).map { ($0.name, $0.value) }
        #expect(scheme.verdict(headers, body: [1], candidates: candidates, now: Self.now) == .refused(.signatureWrong))
        #expect(scheme.verdict(headers, body: [1], candidates: [], now: Self.now) == .refused(.signatureWrong))
    }

    /// One bit of body, signature or timestamp makes it another request.
    @Test(arguments: sources)
    func oneBitIsNoticed(_ source: SourceName) throws {
        let scheme = try #require(Catalogue.provider(for: source)).scheme
        let candidates = try keys([("a", ["one"])], for: scheme)
        let body = Bytes(#"{"id":"x"}"#.utf8)
        let headers = try scheme.signature(of: body, with: "one", at: Self.now).map { ($0.name, Bytes($0.value.utf8)) }
        func isTaken(_ headers: [(String, Bytes)], _ body: Bytes) -> Bool {
            var fields = HeaderFields()
            for (name, value) in headers { fields.append(name: name.utf8, value: value) }
            let request = SignedRequest(method: "POST", url: "https://example.com/hook", headers: fields, body: body)
            return (try? scheme.verify(request, candidates: candidates, now: Self.now)) != nil
        }
        #expect(isTaken(headers, body))
        for bit in 0..<body.count * 8 {
            var changed = body
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!isTaken(headers, changed), "bit \(bit) of the body")
        }
        for field in headers.indices {
            for bit in 0..<headers[field].1.count * 8 {
                var changed = headers
                changed[field].1[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(!isTaken(changed, body), "bit \(bit) of \(headers[field].0)")
            }
        }
        for count in 0..<body.count { #expect(!isTaken(headers, Array(body[..<count]))) }
        #expect(!isTaken(headers, body + [0]))
        for field in headers.indices { #expect(!isTaken(headers.enumerated().filter { $0.offset != field }.map(\.element), body)) }
    }
}
