import Common
import Testing

/// What the entries' own words do beyond signatures: several events a post, ids, times, XML.
@Suite struct EntryTests {
    private func events(_ source: String, _ body: String, type: String = "application/json", _ headers: [(String, String)] = []) throws
        -> [EventReading]
    {
        let provider = try #require(Catalogue.provider(named: source))
        let document = try provider.document(of: Bytes(body.utf8), mediaType: type)
        return try #require(provider.events(in: document)).map { provider.read($0, headers: HeaderFields(headers)) }
    }

    /// Each name leads to its entry, and every literal path in the catalogue is one.
    @Test func everyEntryIsThere() {
        let names = """
            shopify shopify-events woocommerce bigcommerce square paddle lemonsqueezy gumroad fastspring memberful patreon thinkific paypal razorpay \
            paystack flutterwave coinbase-commerce adyen adyen-platform chargebee recurly gocardless mollie braintree xero quickbooks workos auth0 okta \
            contentful sanity ghost cloudinary twitch meta aws-sns airtable webflow
            """
        for name in names.split(separator: " ") { #expect(Catalogue.provider(named: String(name)) != nil, "\(name)") }
        for provider in Catalogue.providers {
            #expect(!provider.eventID.isEmpty, "\(provider.source)")
            #expect(!provider.setup.isEmpty, "\(provider.source)")
            #expect(!provider.references.isEmpty, "\(provider.source)")
        }
    }

    @Test func metaUnfoldsToSingleUpdates() throws {
        let found = try events(
            "meta",
            #"{"object":"page","entry":[{"id":"1","time":5,"changes":[{"field":"feed","value":{"from":{"id":"7"}}},{"field":"name","value":2}]},{"id":"2"}]}"#
        )
        #expect(found.map(\.eventType) == ["page.feed", "page.name", "page"])
        #expect(found.map(\.lane) == ["meta:7", "meta:subject/1", "meta:subject/2"])
        #expect(Set(found.map(\.providerEventID)).count == 3)
        #expect(try events("meta", #"{"object":"page","entry":[]}"#).isEmpty)
    }

    @Test func quickBooksHasTwoShapes() throws {
        let old =
            #"{"eventNotifications":[{"realmId":"1","dataChangeEvent":{"entities":[{"name":"Customer","id":"3","operation":"Create"}]}}]}"#
        #expect(try events("quickbooks", old).map(\.providerEventID) == ["1.Customer.3.Create"])
        let new = #"[{"id":"a","type":"qbo.invoice.created.v1","time":"2025-09-10T21:31:25.179851517Z"},{"id":"b"}]"#
        #expect(try events("quickbooks", new).map(\.providerEventID) == ["a", "b"])
    }

    /// One change may honestly bring one body under two topics; a replay brings the same topic.
    @Test func nonceHoldsTheTopic() throws {
        let shopify = try #require(Catalogue.provider(named: "shopify"))
        func text(_ topic: String, _ id: String) -> Bytes {
            let headers = HeaderFields([("x-shopify-topic", topic), ("x-shopify-webhook-id", id)])
            return shopify.nonceText(of: SignedRequest(method: "POST", url: "", headers: headers, body: Bytes("{}".utf8)))
        }
        #expect(shopify.claimsNonce)
        #expect(text("orders/create", "1") != text("orders/paid", "2"))
        #expect(text("orders/create", "1") == text("orders/create", "3"))
        #expect(try #require(Catalogue.provider(named: "twitch")).claimsNonce == false)
    }

    @Test func ghostTellsEqualBodiesApartByTheirSignedTime() throws {
        func id(_ time: String) throws -> String {
            try events("ghost", "{}", [("x-ghost-signature", "sha256=00, t=\(time)")])[0].providerEventID
        }
        #expect(try id("1790000000000") != id("1790000000001"))
        #expect(try id("1790000000000") == id("1790000000000"))
    }

    @Test func wooCommerceGuestsShareNoLane() throws {
        let headers = [("x-wc-webhook-topic", "order.created")]
        #expect(try events("woocommerce", #"{"id":1,"customer_id":0,"billing":{"email":"A@b.c"}}"#, headers)[0].lane == "email:a@b.c")
        let found = try events("woocommerce", #"{"id":1,"customer_id":4,"date_modified_gmt":"2026-09-21T14:13:20"}"#, headers)[0]
        #expect(found.lane == "woocommerce:4")
        #expect(found.occurredAt == Timestamp(milliseconds: 1_790_000_000_000))
    }

    @Test(arguments: [
        ("<notification><kind>check</kind><a type=\"array\"><b>1</b></a><n nil=\"true\"/></notification>", "check"),
        ("<?xml version=\"1.0\"?>\n<notification>\n <kind>a&amp;b</kind>\n</notification>\n", "a&b"),
        ("<notification><kind>x</kind>", nil), ("<!DOCTYPE n [<!ENTITY e \"x\">]><n><kind>&e;</kind></n>", nil), ("<n>text</n>", nil),
        ("", nil),
        ("<n><kind>x</wrong></n>", nil), (String(repeating: "<a>", count: 5000), nil),
    ])
    func braintreeXML(_ xml: String, kind: String?) throws {
        let payload = String(decoding: Base64.encode(Bytes(xml.utf8)), as: UTF8.self).replacing("+", with: "%2B")
        let body = "bt_signature=x&bt_payload=\(payload)"
        let type = try? events("braintree", body, type: "application/x-www-form-urlencoded")[0].eventType
        #expect(type == kind)
    }
}
