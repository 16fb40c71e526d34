import Testing

@testable import Common

/// Idempotency keys lie in the store in plain, whatever is encrypted, and stay when a person is erased: nobody's address is in one.
@Suite struct KeyPrivacyTests {
    @Test(arguments: [
        ("an id", "evt_1", "stripe:acme:evt_1"),
        (
            "with an address", "subscribe.anna@example.com",
            "stripe:acme:sha256-eeb191b5960463bd"
        ),
    ])
    func keysNameNobody(_ name: String, id: String, key: String) throws {
        let event = NewEvent.sample(id)
        #expect(event.idempotencyKey.hasPrefix(key), "\(event.idempotencyKey)")
        #expect(!event.idempotencyKey.contains("@"))
    }

    /// By the id that the provider gives it, all the same.
    @Test func anEventIsFoundByItsProvidersID() throws {
        let scratch = try ScratchStore()
        let id = try scratch.put(.sample("m-1.anna@example.com"))[0].eventID
        #expect(try scratch.store.texts("SELECT idempotency_key FROM webhook_event").allSatisfy { !$0.contains("@") })
        #expect(try EventQueries(store: scratch.store).find("m-1.anna@example.com").map(\.summary.id) == [id])
        #expect(try scratch.put(.sample("m-1.anna@example.com")) == [.duplicate(id)])
    }

    /// An older version has written the address into the key.
    @Test func erasingTakesTheAddressOutOfAnOldKey() throws {
        let scratch = try ScratchStore()
        let id = try scratch.put(.sample("m-1.anna@example.com", route: .keep, body: Bytes(#"{"to":"anna@example.com"}"#.utf8)))[0].eventID
        try scratch.store.run("UPDATE webhook_event SET idempotency_key = 'stripe:acme:m-1.anna@example.com'")
        let hits = try PersonSearch(store: scratch.store, providers: .catalogue).find(.email("anna@example.com")).hits
        #expect(hits.map(\.id) == [id])
        _ = try PersonEraser(store: scratch.store).erase(hits, discardingOpen: false, now: Timestamp(milliseconds: 1000))
        #expect(try scratch.store.texts("SELECT idempotency_key FROM webhook_event").allSatisfy { !$0.contains("anna") })
        #expect(try scratch.put(.sample("m-1.anna@example.com", route: .keep)) == [.duplicate(id)], "a repeat is a duplicate still")
    }
}
