import Foundation
import Testing

@testable import Common

@Suite struct MinimiserTests {
    private static func rules(_ rules: (String, PrivacyRule.Action)...) -> PrivacyRules {
        var all = PrivacyRules()
        all.rules = rules.map { PrivacyRule(PrivacyPath($0.0)!, $0.1) }
        return all
    }

    private static func minimised(_ json: String, _ rules: PrivacyRules, tenant: TenantName = "acme", keyed: Bool = true) throws -> String {
        let key = keyed ? try HMACKey([1]) : nil
        let minimiser = try #require(Minimiser(rules, tenant: tenant, key: key))
        let output = minimiser.minimised(try JSONDocument(Bytes(json.utf8)).root)
        _ = try JSONDocument(output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: [
        ("a member", "$.a", #"{"a":1,"b":2}"#, #"{"b":2}"#), ("the last", "$.b", #"{"a":1,"b":2}"#, #"{"a":1}"#),
        ("the only one", "$.a", #"{"a":{"b":1}}"#, #"{}"#), ("below", "$.a.b", #"{"a":{"b":1,"c":2}}"#, #"{"a":{"c":2}}"#),
        ("not there", "$.x.y", #"{"a":{"b":1}}"#, #"{"a":{"b":1}}"#),
        ("of each element", "$.l[*].p", #"{"l":[{"p":1,"q":2},{"p":3}]}"#, #"{"l":[{"q":2},{}]}"#),
        ("one element", "$.l[1]", #"{"l":[1,2,3]}"#, #"{"l":[1,3]}"#), ("all elements", "$.l[*]", #"{"l":[1,2]}"#, #"{"l":[]}"#),
        ("each member", "$.a.*", #"{"a":{"b":1,"c":2},"d":3}"#, #"{"a":{},"d":3}"#),
        ("wherever", "$..p", #"{"p":1,"a":[{"p":2,"b":{"p":3,"q":4}}]}"#, #"{"a":[{"b":{"q":4}}]}"#),
        ("below wherever", "$..a.p", #"{"a":{"p":1,"a":{"p":2,"q":3}},"p":4}"#, #"{"a":{"a":{"q":3}},"p":4}"#),
        ("a name written otherwise", "$.phone", #"{"ph\u006fne":1,"b":2}"#, #"{"b":2}"#),
        ("a name that stands twice", "$.a", #"{"a":1,"b":2,"a":3}"#, #"{"b":2}"#),
        ("in quotes", "$['a.b']", #"{"a.b":1,"a":2}"#, #"{"a":2}"#),
        ("what surrounds it stays", "$.a", "{ \"a\" : 1, \"n\": 1.0e2, \"s\": \"\\u00e9\" }", "{\"n\":1.0e2,\"s\":\"\\u00e9\"}"),
    ])
    func drops(_ name: String, path: String, json: String, rest: String) throws {
        #expect(try Self.minimised(json, Self.rules((path, .drop))) == rest, "\(name)")
    }

    @Test(arguments: [
        ("longer", 3, #"{"n":"Anna Berg"}"#, #"{"n":"Ann"}"#), ("shorter", 30, #"{"n":"Anna"}"#, #"{"n":"Anna"}"#),
        ("to nothing", 0, #"{"n":"Anna"}"#, #"{"n":""}"#), ("no text", 1, #"{"n":12345}"#, #"{"n":12345}"#),
        ("null", 1, #"{"n":null}"#, #"{"n":null}"#),
        ("all texts of an object", 1, #"{"n":{"a":"xyz","b":["uv"]}}"#, #"{"n":{"a":"x","b":["u"]}}"#),
        ("an emoji whole", 1, #"{"n":"👩‍🚀x"}"#, #"{"n":"👩‍🚀"}"#),
    ])
    func truncates(_ name: String, to count: Int, json: String, rest: String) throws {
        #expect(try Self.minimised(json, Self.rules(("$.n", .truncate(count)))) == rest, "\(name)")
    }

    @Test func hashesAlikeWithinATenantAlone() throws {
        let json = #"{"email":"anna@example.com","id":"anna@example.com","n":7,"e":""}"#
        let rules = Self.rules(("$..email", .hash), ("$.id", .hash), ("$.n", .hash), ("$.e", .hash))
        let one = try JSONDocument(Bytes(Self.minimised(json, rules).utf8)).root
        #expect(one["email"]?.string == one["id"]?.string && one["email"]?.string?.hasSuffix("@hashed.invalid") == true)
        #expect(one["n"]?.string?.hasPrefix("h-") == true && one["e"]?.string == "")
        #expect(try Self.minimised(json, rules) == Self.minimised(json, rules))
        #expect(try !Self.minimised(json, rules, tenant: "globex").contains(try #require(one["id"]?.string)))
        #expect(try !Self.minimised(json, rules, keyed: false).contains("anna"), "without a key it is left out")
    }

    @Test func theRuleThatLeavesLeastCounts() throws {
        let json = #"{"a":"secret","b":"secret"}"#
        #expect(try Self.minimised(json, Self.rules(("$.a", .truncate(3)), ("$.*", .truncate(2)), ("$.b", .drop))) == #"{"a":"se"}"#)
    }

    @Test(arguments: ["", "a", "$", "$.", "$a", "$..", "$.a..", "$[", "$[]", "$[x]", "$['']", "$[-1]", "$.a[*", "$[9999999]"])
    func refusesPaths(_ text: String) { #expect(PrivacyPath(text) == nil) }

    @Test(arguments: PrivacyPresets.sources)
    func presetsKeepWhatIsPushed(_ source: String) throws {
        let name = try #require(SourceName(source))
        #expect(PrivacyPresets.rules(for: name)?.isEmpty == false && Catalogue.provider(for: name) != nil)
    }

    @Test func aPresetLeavesOutAddressesAndKeepsThePerson() throws {
        var rules = PrivacyRules()
        rules.rules = try #require(PrivacyPresets.rules(for: "woocommerce"))
        let order =
            #"{"id":7,"customer_ip_address":"192.0.2.9","billing":{"email":"a@b.c","first_name":"Anna","phone":"1","city":"Bonn"},"shipping":{}}"#
        #expect(try Self.minimised(order, rules) == #"{"id":7,"billing":{"email":"a@b.c","first_name":"Anna"}}"#)
        rules.rules = try #require(PrivacyPresets.rules(for: "hubspot"))
        #expect(try Self.minimised(#"{"propertyName":"phone","propertyValue":"1"}"#, rules) == #"{"propertyName":"phone"}"#)
        #expect(
            try Self.minimised(#"{"propertyName":"plan","propertyValue":"1"}"#, rules) == #"{"propertyName":"plan","propertyValue":"1"}"#)
    }

    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "fixtures/stripe")

    /// Whatever the preset leaves out, WordPress is told of the same person.
    @Test(arguments: (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path))?.sorted() ?? [])
    func ofEveryFixtureThePersonStaysAndTheAddressGoes(_ file: String) throws {
        let provider = try #require(Catalogue.provider(for: "stripe"))
        let event = try JSONDocument(Bytes(Data(contentsOf: Self.fixtures.appending(path: file))))
        var rules = PrivacyRules()
        rules.rules = try #require(PrivacyPresets.rules(for: "stripe"))
        let less = try #require(Minimiser(rules, tenant: "acme", key: nil)).minimised(event.root)
        let left = try JSONDocument(less).root
        let text = String(decoding: less, as: UTF8.self)
        for name in ["line1", "postal_code", "city", "phone", "last4", "exp_month", "receipt_url", "hosted_invoice_url", "client_secret"] {
            #expect(!text.contains("\"\(name)\""), "\(file): \(name)")
        }
        let (before, after) = (provider.read(event.root, headers: HeaderFields()), provider.read(left, headers: HeaderFields()))
        #expect(before.lane == after.lane && before.route == after.route && before.providerEventID == after.providerEventID, "\(file)")
        guard let mapping = provider.mapping(for: before.eventType) else { return }
        #expect(mapping.actor(in: event.root) == mapping.actor(in: left), "\(file)")
    }

    // MARK: Through the door

    private func admitted(_ source: SourceName, _ body: String, type: String = "application/json", _ privacy: SourcePrivacy) throws
        -> NewEvent
    {
        let provider = try #require(Catalogue.provider(for: source))
        var headers = HeaderFields()
        headers.append(name: Bytes("content-type".utf8), value: Bytes(type.utf8))
        let request = SignedRequest(method: "POST", url: "", headers: headers, body: Bytes(body.utf8))
        let arrival = Arrival(
            request: request, mediaType: type, receivedAt: Timestamp(milliseconds: 1000), sourceIP: nil, requestID: "r", createdBy: "tests")
        let admission = Admission(provider, routes: [], privacy: privacy, hashKey: try HMACKey([1]))
        return try admission.events(
            in: admission.document(of: arrival), of: arrival, by: Verified(tenant: "acme", key: .text([]), fingerprint: ""))[0]
    }

    @Test func whatIsStoredAndPushedIsWhatIsLeft() throws {
        var privacy = SourcePrivacy()
        privacy.all = Self.rules(("$..phone", .drop), ("$..email", .hash))
        privacy.all.originalFor = .seconds(60)
        let body =
            #"{"id":"evt_1","type":"customer.updated","created":1,"data":{"object":{"id":"cus_1","email":"anna@example.com","phone":"123"}}}"#
        let event = try admitted("stripe", body, privacy)
        let stored = String(decoding: event.rawBody, as: UTF8.self)
        #expect(!stored.contains("anna") && !stored.contains("phone") && stored.contains("cus_1"))
        #expect(event.idempotencyKey == "stripe:acme:evt_1" && event.reading.lane == "stripe:cus_1" && event.reading.route == .userSync)
        #expect(event.original?.body == Bytes(body.utf8) && event.original?.until == Timestamp(milliseconds: 61_000))
        let plain = try admitted("stripe", body, SourcePrivacy())
        #expect(plain.rawBody == Bytes(body.utf8) && plain.original == nil)
    }

    @Test func oneTenantMayHaveMoreRules() throws {
        var privacy = SourcePrivacy()
        privacy.all = Self.rules(("$.a", .drop))
        privacy.tenants["acme"] = Self.rules(("$.b", .drop))
        #expect(privacy.rules(of: "acme").rules.count == 2 && privacy.rules(of: "globex").rules.count == 1)
    }

    @Test func anIdThatWasOnlyInTheBodyIsKnownAsBefore() throws {
        var privacy = SourcePrivacy()
        privacy.all = Self.rules(("$.id", .drop))
        #expect(try admitted("stripe", #"{"id":"evt_9","type":"x"}"#, privacy).idempotencyKey == "stripe:acme:evt_9")
    }

    @Test func aFormBecomesJSONThatIsReadAgain() throws {
        var privacy = SourcePrivacy()
        privacy.all = Self.rules(("$.Body", .drop))
        let type = "application/x-www-form-urlencoded"
        let event = try admitted("twilio", "MessageSid=SM1&Body=hello+Anna&From=%2B1", type: type, privacy)
        #expect(!String(decoding: event.rawBody, as: UTF8.self).contains("Anna"))
        let provider = try #require(Catalogue.provider(for: "twilio"))
        let again = try provider.stored(event.rawBody, headers: HeaderFields(json: event.headers))
        #expect(again["MessageSid"]?.string == "SM1" && again["From"]?.string == "+1")
    }
}
