import Common
import Foundation
import Testing

/// The built command line against a List Events as Stripe documents it: https://docs.stripe.com/api/events/list.
@Suite struct BackfillStripeTests {
    struct Event: Sendable {
        let id: String
        let created: Int
        let type: String
        var delivered = true

        var text: String {
            """
            {
              "id": "\(id)",
              "object": "event",
              "created": \(created),
              "type": "\(type)",
              "data": {"object": {"id": "in_\(id)", "object": "invoice", "customer": "cus_1", "customer_email": "jo@example.com"}}
            }
            """
        }
    }

    static let key = "rk_test_hush"
    private static let now = Int(Date().timeIntervalSince1970)

    /// From three days ago on, one every so many seconds, oldest first.
    static func events(_ count: Int, every seconds: Int = 600, type: String = "invoice.paid") -> [Event] {
        (0..<count).map { Event(id: "evt_\(1000 + $0)", created: now - 3 * 86_400 + $0 * seconds, type: type, delivered: $0 % 2 == 0) }
    }

    static func api(_ events: [Event], _ fault: ProviderAPI.Fault = .init()) throws -> ProviderAPI {
        try ProviderAPI(
            key: ("authorization", "Bearer \(key)"), fault, cursor: { $0.fields["starting_after"] != nil }
        ) { query in
            guard query.path == "/v1/events" else { return .status(404) }
            let fields = query.fields
            var list = events.sorted { ($0.created, $0.id) > ($1.created, $1.id) }
            list = list.filter { event in
                event.created >= Int(fields["created[gte]"] ?? "0")! && event.created < Int(fields["created[lt]"] ?? "9999999999")!
                    && (fields["delivery_success"] == "false" ? !event.delivered : true)
                    && (fields["type"].map { EventPattern($0).matches(event.type) } ?? true)
            }
            if let after = fields["starting_after"] {
                guard let place = list.firstIndex(where: { $0.id == after }) else {
                    return .status(400, body: #"{"error":{"code":"resource_missing","message":"No such event"}}"#)
                }
                list.removeFirst(place + 1)
            }
            let limit = Int(fields["limit"] ?? "10")!
            let page = list.prefix(limit).map(\.text).joined(separator: ",\n")
            return .status(200, body: "{\"object\":\"list\",\"data\":[\(page)],\"has_more\":\(list.count > limit),\"url\":\"/v1/events\"}")
        }
    }

    static func sandbox(_ api: ProviderAPI, more: String = "") async throws -> Sandbox {
        try await Sandbox(
            extra: ["BACKFILL_KEY_STRIPE__ACME": key],
            yaml: "tenants:\n  acme:\n    backfill:\n      stripe: {url: \"\(api.url)\"\(more)}\n")
    }

    static func counts(_ run: Finished) throws -> [String: Int64] {
        let root = try JSONDocument(Bytes(run.output.utf8)).root
        return ["listed", "taken", "duplicates", "gone", "other_types", "unreadable", "others", "redelivered"].reduce(into: [:]) {
            $0[$1] = root[$1]?.integer
        }
    }

    @Test func whatNeverCameIsTakenOnceAndInOrder() async throws {
        let events = Self.events(250)
        let api = try Self.api(
            events + [Event(id: "evt_kept", created: Self.now - 86_400, type: "product.created")], .init(limitsEvery: 5))
        let sandbox = try await Self.sandbox(api)
        let ingest = try await sandbox.ingest()
        for event in events.filter({ $0.created % 7 == 0 }) { #expect(try await sandbox.post(event.text, as: "stripe").status == 202) }
        let live = try Int64(sandbox.count("webhook_event"))

        let dry = try await sandbox.gatepost("backfill", "stripe", "--tenant", "acme", "--since", "4d", "--dry-run", "--json")
        #expect(dry.succeeded, "\(dry.errors)")
        #expect(try Self.counts(dry)["taken"] == 250 - live && sandbox.count("webhook_event") == Int(live))
        #expect(try sandbox.count("backfill_run") == 0)

        let run = try await sandbox.gatepost("backfill", "stripe", "--tenant", "acme", "--since", "4d", "--json")
        #expect(run.succeeded && !(run.output + run.errors).contains(Self.key), "\(run.errors)")
        let counts = try Self.counts(run)
        #expect(counts["listed"] == 250 && counts["taken"] == 250 - live && counts["duplicates"] == live && counts["other_types"] == 1)
        let taken = try sandbox.rows("SELECT * FROM webhook_event WHERE created_by = 'backfill' ORDER BY seq")
        #expect(taken.map { $0["occurred_at"] as Int64 } == taken.map { $0["occurred_at"] as Int64 }.sorted(), "oldest first")
        #expect(taken.allSatisfy { $0["secret"] as String? == nil && $0["status"] as String == "queued" })
        let headers: String = try #require(taken.first)["headers"]
        #expect(headers.contains(#""gatepost-verified-by":"api""#))
        #expect(try sandbox.count("event_count WHERE status = 'queued' AND events = 250") == 1)

        // Late by webhook, and asked for once more.
        let late = try await sandbox.post(events[249].text, as: "stripe")
        #expect(late.status == 200 || events[249].created % 7 == 0, "a duplicate")
        let again = try await sandbox.gatepost("backfill", "stripe", "--tenant", "acme", "--since", "4d", "--json")
        #expect(try Self.counts(again)["taken"] == 0 && sandbox.count("webhook_event") == 250)
        let audit = try sandbox.rows("SELECT action, count FROM audit WHERE action = 'backfill' AND detail LIKE 'done%'")
        #expect(audit.map { $0["count"] as Int64? } == [250 - live, 0])
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// It says nothing of when the source was heard of last.
    @Test func askingIsNotHearing() async throws {
        let sandbox = try await Self.sandbox(Self.api(Self.events(3)))
        #expect(try await sandbox.gatepost("backfill", "stripe", "--tenant", "acme", "--since", "4d").succeeded)
        #expect(try sandbox.count("webhook_event") == 3 && sandbox.count("secret_use WHERE last_verified_at IS NOT NULL") == 0)
        try await sandbox.remove()
    }

    @Test(arguments: ["before-commit", "after-commit"])
    func killedAndResumedNothingIsTwice(at point: String) async throws {
        let events = Self.events(180, every: 60)
        let api = try Self.api(events)
        let sandbox = try await Self.sandbox(api)
        let killed = try await sandbox.gatepost(
            "backfill", "stripe", "--tenant", "acme", "--since", "4d", extra: ["GATEPOST_FAIL_AT": point])
        #expect(killed.status == .signaled(9))
        #expect(try sandbox.count("webhook_event") == (point == "after-commit" ? 50 : 0))
        let other = try await sandbox.gatepost("backfill", "github", "--tenant", "acme", "--resume")
        #expect(other.status == .exited(1) && other.errors.contains("there was no backfill of github"))

        let run = try await sandbox.gatepost("backfill", "stripe", "--tenant", "acme", "--resume", "--json")
        #expect(run.succeeded, "\(run.errors)")
        #expect(try sandbox.count("webhook_event") == 180 && sandbox.count("job_execution") == 180)
        #expect(try sandbox.rows("SELECT count(DISTINCT idempotency_key) AS n FROM webhook_event").first?["n"] == 180)
        let over = try await sandbox.gatepost("backfill", "stripe", "--tenant", "acme", "--resume")
        #expect(over.status == .exited(1) && over.errors.contains("came to its end"))
        try await sandbox.remove()
    }

    /// A slice of more pages than are put into order at once, at one second, and a cursor that has expired in it.
    @Test func manyAtOneMomentAndAForgottenCursor() async throws {
        let at = Self.now - 86_400
        let events = (0..<730).map { Event(id: "evt_\(1000 + $0)", created: at, type: "invoice.paid") }
        let api = try Self.api(events)
        let sandbox = try await Self.sandbox(api)
        let since = Timestamp(milliseconds: Int64(at - 2) * 1000).description
        let until = Timestamp(milliseconds: Int64(at + 3) * 1000).description
        api.fails(.init(forgetsAt: 16))
        let run = try await sandbox.gatepost(
            "backfill", "stripe", "--tenant", "acme", "--since", since, "--until", until, "--json")
        #expect(run.succeeded, "\(run.errors)")
        #expect(try sandbox.count("webhook_event") == 730)
        #expect(api.standIn.calls.contains { $0.path.contains("starting_after") })
        try await sandbox.remove()
    }

    @Test func undeliveredAndTypesAreAskedFor() async throws {
        let events =
            Self.events(10) + Self.events(5, type: "customer.created").map { Event(id: "c\($0.id)", created: $0.created, type: $0.type) }
        let api = try Self.api(events)
        let sandbox = try await Self.sandbox(api, more: ", types: [\"customer.*\"]")
        let own = try await sandbox.gatepost("backfill", "stripe", "--tenant", "acme", "--since", "4d", "--json")
        #expect(try Self.counts(own)["taken"] == 5, "\(own.errors)")
        let some = try await sandbox.gatepost(
            "backfill", "stripe", "--tenant", "acme", "--since", "4d", "--type", "invoice.*", "--undelivered", "--json")
        #expect(try Self.counts(some)["taken"] == 5, "\(some.errors)")
        #expect(api.standIn.calls.contains { $0.path.contains("delivery_success=false") })
        try await sandbox.remove()
    }

    @Test(arguments: [
        (
            "a key that is none", "wrong", ProviderAPI.Fault(),
            "it does not accept the key, or the key may not read this; see BACKFILL_KEY_STRIPE"
        ),
        ("out of requests for a day", key, .init(status: 429, headers: ["Retry-After": "86400"]), "takes no more requests until"),
        ("a refusal", key, .init(status: 404), "answered 404 no_way"),
        ("a redirect", key, .init(status: 302, headers: ["Location": "http://127.0.0.1:1/"]), "answered 302"),
    ])
    func refusalsAreSaidInWords(_ name: String, key: String, fault: ProviderAPI.Fault, says text: String) async throws {
        let sandbox = try await Self.sandbox(Self.api(Self.events(3), fault))
        let run = try await sandbox.gatepost(
            "backfill", "stripe", "--tenant", "acme", "--since", "4d", extra: ["BACKFILL_KEY_STRIPE__ACME": key])
        #expect(run.status == .exited(1) && run.errors.contains(text), "\(name): \(run.errors)")
        #expect(!run.errors.contains("secret words") && !run.errors.contains(Self.key))
        try await sandbox.remove()
    }

    @Test func withoutAKeyItIsAMatterOfSettings() async throws {
        let sandbox = try await Sandbox()
        for (arguments, text) in [
            (["backfill", "stripe", "--tenant", "acme", "--since", "4d"], "BACKFILL_KEY_STRIPE is not set for tenant acme"),
            (["backfill", "stripe", "--tenant", "nobody", "--since", "4d"], "no tenant nobody"),
            (["reconcile"], "nothing to compare"),
            (["backfill", "stripe", "--tenant", "acme"], "say --since"),
        ] {
            let run = try await sandbox.gatepost(arguments)
            #expect(run.status != .exited(0) && run.errors.contains(text), "\(arguments): \(run.errors)")
            #expect(run.status == .exited(2) || arguments.count == 4, "\(run.status)")
        }
        try await sandbox.remove()
    }
}
