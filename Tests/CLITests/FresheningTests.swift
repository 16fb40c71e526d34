import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct FresheningTests {
    private func freshen(_ source: String, _ body: String, id: String? = nil, now: Timestamp? = nil) throws -> String {
        let provider = try #require(Catalogue.provider(for: name(source)))
        var generator = SystemRandomNumberGenerator()
        return String(
            decoding: try Freshening(provider: provider, id: id, now: now).apply(to: Bytes(body.utf8), using: &generator), as: UTF8.self)
    }

    @Test func leavesEveryOtherByte() throws {
        let body = "{ \"id\" : \"evt_1\",\n \"created\":1, \"data\":{\"id\":\"evt_1\"}}\n"
        #expect(
            try freshen("stripe", body, id: "a\"b", now: noon)
                == "{ \"id\" : \"a\\\"b\",\n \"created\":1764000000, \"data\":{\"id\":\"evt_1\"}}\n")
        #expect(try freshen("stripe", body, id: "x") == body.replacing("{ \"id\" : \"evt_1\"", with: "{ \"id\" : \"x\""))
    }

    @Test func keepsAnIDsForm() throws {
        let stripe = try freshen("stripe", #"{"id":"evt_1","created":1}"#, now: noon)
        #expect(stripe.hasPrefix(#"{"id":"evt_"#) && !stripe.contains(#""evt_1""#))
        let hubspot = try JSONDocument(
            Bytes(try freshen("hubspot", #"[{"eventId":7,"objectId":512},{"eventId":7,"objectId":512}]"#, now: noon).utf8)
        ).root
        let ids = hubspot.elements.compactMap { $0["eventId"]?.integer }
        #expect(ids.count == 2 && ids[0] != ids[1] && ids.allSatisfy { $0 >= 100_000_000 })
        #expect(hubspot.elements.map { $0["objectId"]?.integer } == [512, 512])
    }

    @Test func addsNothingThatIsNotThere() throws { #expect(try freshen("stripe", #"{"type":"x"}"#, now: noon) == #"{"type":"x"}"#) }

    @Test func refuses() {
        #expect(throws: Failure.self) { try freshen("stripe", "{", now: noon) }
        #expect(throws: Failure.self) { try freshen("hubspot", #"[{"eventId":1},{"eventId":2}]"#, id: "5") }
        #expect(throws: Failure.self) { try freshen("hubspot", #"[{"eventId":1}]"#, id: "five") }
    }
}
