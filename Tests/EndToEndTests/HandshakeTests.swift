import Common
import Foundation
import Testing
import Transport

/// What is no event, through nginx: providers prove the address before they use it, and want their own answers.
@Suite struct HandshakeTests {
    private static let secrets = [
        "PROVIDER_SECRETS_SLACK": "acme:slack-secret", "PROVIDER_SECRETS_ZOOM": "acme:zoom-secret",
        "PROVIDER_SECRETS_META": "acme:app-secret,acme:verify:verify-me", "PROVIDER_SECRETS_TRELLO": "acme:trello-secret",
        "PROVIDER_SECRETS_DROPBOX": "acme:dropbox-secret", "PROVIDER_SECRETS_OKTA": "acme:okta-secret",
        "PROVIDER_SECRETS_WOOCOMMERCE": "acme:woo-secret", "PROVIDER_SECRETS_MONDAY": "acme:monday-secret",
        "PROVIDER_SECRETS_XERO": "acme:xero-secret", "PROVIDER_SECRETS_ADYEN_PLATFORM": "acme:44782DEF547AAA06C910C43932B1EB0C",
    ]

    private func path(_ source: String, _ query: String = "") -> String { "/api/webhooks/\(source)/acme/ingest\(query)" }

    @Test func provesTheAddressToWhoAsks() async throws {
        let sandbox = try await Sandbox(extra: Self.secrets)
        let ingest = try await sandbox.ingest()

        #expect(try await sandbox.request("HEAD", path("trello")).status == 200)
        let dropbox = try await sandbox.request("GET", path("dropbox", "?challenge=a%20b"))
        #expect(dropbox.status == 200 && dropbox.text == "a b")
        #expect(dropbox.header("content-type") == "text/plain; charset=utf-8")
        let meta = try await sandbox.request("GET", path("meta", "?hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=1158201444"))
        #expect(meta.status == 200 && meta.text == "1158201444")
        #expect(try await sandbox.request("GET", path("meta", "?hub.verify_token=guess&hub.challenge=1")).status == 401)
        #expect(try await sandbox.post("{}", as: "meta", secret: "verify-me").status == 401, "the token signs nothing")
        let okta = try await sandbox.request("GET", path("okta"), headers: [("X-Okta-Verification-Challenge", "abc")])
        #expect(okta.status == 200 && okta.text == "{\"verification\":\"abc\"}")
        // Who has no such handshake is told the method.
        #expect(try await sandbox.request("GET", path("slack")).status == 405)

        let slack = try await sandbox.post(#"{"type":"url_verification","challenge":"3eZbrw1a"}"#, as: "slack")
        #expect(slack.status == 200 && slack.text == "3eZbrw1a")
        #expect(try await sandbox.post(#"{"type":"url_verification","challenge":"x"}"#, as: "slack", secret: "wrong").status == 401)
        let zoom = try await sandbox.post(
            #"{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}"#, as: "zoom")
        let code = try HMACKey(Bytes("zoom-secret".utf8)).code(over: Bytes("qgg8vlvZRS6UYooatFL8Aw".utf8))
        #expect(zoom.status == 200 && zoom["encryptedToken"] == String(decoding: Hex.encode(code), as: UTF8.self))
        let monday = try await sandbox.request(
            "POST", path("monday"), headers: [("Content-Type", "application/json")], body: Bytes(#"{"challenge":"3eZ"}"#.utf8))
        #expect(monday.status == 200 && monday["challenge"] == "3eZ")
        let form = [(name: "Content-Type", value: "application/x-www-form-urlencoded")]
        let woo = try await sandbox.request("POST", path("woocommerce"), headers: form, body: Bytes("webhook_id=7".utf8))
        #expect(woo.status == 200 && woo.body.isEmpty)
        // A form that is more than the ping is no ping.
        #expect(try await sandbox.request("POST", path("woocommerce"), headers: form, body: Bytes("webhook_id=7&x=1".utf8)).status == 401)

        #expect(try sandbox.count("webhook_event WHERE signature_valid = 1") == 0)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func answersAsTheProviderWants() async throws {
        let sandbox = try await Sandbox(extra: Self.secrets)
        let ingest = try await sandbox.ingest()
        let slack = try await sandbox.post(#"{"type":"event_callback","event_id":"Ev1","event":{"type":"message"}}"#, as: "slack")
        #expect(slack.status == 200 && slack.body.isEmpty)
        // Xero's intent to receive: no event, and still exactly 200 for the right signature, 401 for the wrong one.
        let xero = #"{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"S0m3r4Nd0mt3xt"}"#
        let right = try await sandbox.post(xero, as: "xero")
        #expect(right.status == 200 && right.body.isEmpty)
        let wrong = try await sandbox.post(xero, as: "xero", secret: "wrong")
        #expect(wrong.status == 401 && wrong.body.isEmpty)
        #expect(try sandbox.count("webhook_event WHERE signature_valid = 1") == 1)
        try await ingest.stop()
        try await sandbox.remove()
    }
}
