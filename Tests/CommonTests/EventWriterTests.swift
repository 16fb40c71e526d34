import Testing

@testable import Common

@Suite struct EventWriterTests {
    private static let nonce = Crypto.sha256([1])

    @Test func storesEveryField() throws {
        let scratch = try ScratchStore()
        let outcome = try scratch.put(.sample("evt_1", body: [0, 0xFF, 0x7B]), at: 2000)
        guard case .stored(let id) = outcome[0] else {
            Issue.record("\(outcome)")
            return
        }
        let columns = [
            ("id", "'\(id)'"), ("seq", "\(id.sequence)"), ("source", "'stripe'"), ("tenant", "'acme'"),
            ("event_type", "'customer.updated'"), ("received_at", "1000"), ("occurred_at", "900"), ("settled_at", "NULL"),
            ("status", "'queued'"),
            ("attempts", "0"), ("error", "NULL"), ("signature_valid", "1"), ("idempotency_key", "'stripe:acme:evt_1'"),
            ("route", "'user-sync'"),
            ("lane", "'stripe:cus_1'"), ("source_ip", "'192.0.2.1'"), ("user_agent", "'Test/1'"), ("created_by", "'ingest'"),
            ("request_id", "'request-1'"), ("traceparent", "NULL"), ("headers", #"'{"a":"b"}'"#), ("raw_body", "X'00FF7B'"),
            ("secret", "NULL"),
        ]
        for (column, value) in columns {
            #expect(try scratch.store.texts("SELECT quote(\(column)) FROM webhook_event") == [value], "\(column)")
        }
        #expect(
            try scratch.store.number("SELECT count(*) FROM pragma_table_info('webhook_event')") == Int64(columns.count), "none is left out")
    }

    @Test func aRoutedEventGetsItsJob() throws {
        let scratch = try ScratchStore()
        let id = try scratch.put(.sample("evt_1", route: .orderEvent, lane: nil))[0].eventID
        let columns = [
            ("event_id", "'\(id)'"), ("event_seq", "\(try #require(EventID(id)).sequence)"), ("task_name", "'order-event'"),
            ("tenant", "'acme'"),
            ("lane", "NULL"), ("status", "'waiting'"), ("attempts", "0"), ("due_at", "1000"), ("lease", "NULL"), ("push_key", "NULL"),
        ]
        for (column, value) in columns {
            #expect(try scratch.store.texts("SELECT quote(\(column)) FROM job_execution") == [value], "\(column)")
        }
        let own = try scratch.store.texts("SELECT id FROM job_execution")[0]
        #expect(EventID(own) != nil && own != id)
    }

    @Test func aKeptEventIsReceivedAndDone() throws {
        let scratch = try ScratchStore()
        #expect(try scratch.put(.sample("evt_1", route: .keep))[0].isNew)
        #expect(try scratch.store.texts("SELECT status FROM webhook_event") == ["received"])
        #expect(try scratch.store.number("SELECT count(*) FROM job_execution") == 0)
    }

    /// Second posts, and what becomes of them beside `evt_1` of Stripe and acme.
    @Test(
        arguments: [
            ("the same", .sample("evt_1"), false), ("the same with another body", .sample("evt_1", body: [1]), false),
            ("another id", .sample("evt_2"), true), ("another tenant", .sample("evt_1", tenant: "other"), true),
            ("another source", .sample("evt_1", source: "github"), true), ("kept now", .sample("evt_1", route: .keep), false),
            ("a fresh id over the same nonce", .sample("evt_2", nonce: nonce), false),
            ("another nonce", .sample("evt_2", nonce: Crypto.sha256([2])), true),
            ("the same id with another nonce", .sample("evt_1", nonce: Crypto.sha256([2])), false),
        ] as [(String, NewEvent, Bool)])
    func repeats(_ name: String, second: NewEvent, isNew: Bool) throws {
        let scratch = try ScratchStore()
        let first = try scratch.put(.sample("evt_1", nonce: Self.nonce))[0]
        #expect(first.isNew)
        let outcome = try scratch.put(second)[0]
        #expect(outcome.isNew == isNew, "\(name)")
        #expect(isNew == (outcome.eventID != first.eventID), "a duplicate names the first: \(name)")
        #expect(try scratch.store.number("SELECT count(*) FROM webhook_event") == (isNew ? 2 : 1))
        // A nonce belongs to what was stored.
        let nonces = isNew && second.nonce != nil ? 2 : 1
        #expect(try scratch.store.number("SELECT count(*) FROM nonce") == Int64(nonces))
    }

    @Test func repeatsWithinOneCall() throws {
        let scratch = try ScratchStore()
        let posts: [[NewEvent]] = [
            [.sample("evt_1"), .sample("evt_2"), .sample("evt_1")], [], [.sample("evt_2")], [.sample("evt_3", nonce: Self.nonce)],
            [.sample("evt_4", nonce: Self.nonce)],
        ]
        let outcomes = try scratch.writer.commit(posts, now: Timestamp(milliseconds: 1))
        #expect(outcomes.map { $0.map(\.isNew) } == [[true, true, false], [], [false], [true], [false]])
        #expect(outcomes[0][2].eventID == outcomes[0][0].eventID)
        #expect(outcomes[2][0].eventID == outcomes[0][1].eventID)
        #expect(outcomes[4][0].eventID == outcomes[3][0].eventID)
        #expect(try scratch.writer.commit([], now: Timestamp(milliseconds: 1)).isEmpty)
    }

    @Test func talliesAreRight() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("1"), .sample("2"), .sample("2"), .sample("3", route: .keep), .sample("4", tenant: "b"))
        _ = try scratch.put(.sample("1"), .sample("5"), .sample("6", source: "github", route: .keep))
        let kept = try scratch.store.texts("SELECT tenant || ' ' || source || ' ' || status || ' ' || events FROM event_count ORDER BY 1")
        #expect(kept == ["acme github received 1", "acme stripe queued 3", "acme stripe received 1", "b stripe queued 1"])
        let counted = try scratch.store.texts(
            "SELECT tenant || ' ' || source || ' ' || status || ' ' || count(*) FROM webhook_event GROUP BY tenant, source, status ORDER BY 1"
        )
        #expect(kept == counted)
    }

    /// One event that the schema refuses (a nonce of three bytes) takes all of the call with it.
    @Test func allOrNothing() throws {
        let scratch = try ScratchStore()
        let bad: [[NewEvent]] = [[.sample("evt_1")], [.sample("evt_2", nonce: [1, 2, 3])], [.sample("evt_3")]]
        let error = #expect(throws: StoreError.self) { try scratch.writer.commit(bad, now: Timestamp(milliseconds: 1)) }
        guard case .sql(let code, _, let statement) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(code & 0xFF == 19 && statement == EventSQL.claimNonce)
        for table in ["webhook_event", "job_execution", "nonce", "event_tally"] {
            #expect(try scratch.store.number("SELECT count(*) FROM \(table)") == 0)
        }
        #expect(try scratch.put(.sample("evt_1"))[0].isNew, "and claims nothing")
    }

    @Test(arguments: ["", "é€😀", "a\u{0}b", "'; DROP TABLE webhook_event; --", String(repeating: "x", count: 5000)])
    func anyTextIsBoundAsItIs(_ anything: String) throws {
        let scratch = try ScratchStore()
        let event = NewEvent.sample(anything, type: anything, lane: anything)
        #expect(try scratch.put(event)[0].isNew)
        #expect(try !scratch.put(event)[0].isNew)
        #expect(try scratch.put(.sample(anything + "x"))[0].isNew)
        #expect(
            try scratch.store.texts("SELECT hex(lane) FROM job_execution WHERE lane IS NOT 'stripe:cus_1'") == [
                text(Hex.encode(Array(anything.utf8))).uppercased()
            ])
    }
}
