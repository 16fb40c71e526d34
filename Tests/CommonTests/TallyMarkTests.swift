import GRDB
import Testing

@testable import Common

/// Counts are those of the rows at any time, though ingest writes its own only once in some hundred events.
@Suite struct TallyMarkTests {
    private let scratch: ScratchStore
    private var store: Store { scratch.store }

    init() throws { scratch = try ScratchStore() }

    private var mark: Int64? { get throws { try store.number("SELECT seq FROM tally_mark") } }

    /// By tenant, source and status, as who reads counts sees them, and as the rows have them.
    private func expectCounts(arrived: Int64? = nil, _ note: String = "") throws {
        let line = "tenant || ' ' || source || ' ' || status || ' ' ||"
        let counts = try store.texts("SELECT \(line) events FROM event_count WHERE events <> 0 ORDER BY 1")
        let rows = try store.texts("SELECT \(line) count(*) FROM webhook_event GROUP BY tenant, source, status ORDER BY 1")
        #expect(counts == rows, "\(note)")
        if let arrived { #expect(try store.number("SELECT coalesce(sum(arrived), 0) FROM event_count") == arrived, "\(note)") }
    }

    private var tallied: Int64? { get throws { try store.number("SELECT sum(events) FROM event_tally") } }

    private func put(_ range: Range<Int>, by writer: EventWriter? = nil) throws {
        let events = range.map { NewEvent.sample("\($0)", tenant: $0 % 3 == 0 ? "globex" : "acme", route: $0 % 5 == 0 ? .keep : .userSync) }
        _ = try (writer ?? scratch.writer).commit([events], now: Timestamp(milliseconds: 1000))
    }

    @Test func areWrittenOnceInManyEvents() throws {
        try put(0..<1)  // the first of a second is
        for start in stride(from: 1, to: 1 + Untallied.most * 3, by: 32) {
            try put(start..<start + 32)
            try expectCounts(arrived: Int64(start + 32), "\(start)")
            let written = (start + 31) / Untallied.most * Untallied.most
            #expect(try tallied == Int64(1 + written), "\(start)")
        }
    }

    /// Killed or not, only rows say what is not written.
    @Test func anotherProgramGoesOn() throws {
        try put(0..<10)
        for number in 1...60 {
            try put(number * 10..<number * 10 + 10, by: number % 3 == 0 ? EventWriter(store: store) : nil)
            try expectCounts(arrived: Int64(number * 10 + 10))
        }
    }

    /// As the worker does, which settles what has hardly come. What it wrote of the rows behind the mark is there before they are.
    @Test func whatIsSettledBeforeItIsTallied() throws {
        try put(0..<1)
        try put(1..<40)
        let before = try mark
        try move(to: .processed, 20, Timestamp(milliseconds: 1000))
        #expect(try mark == before)
        try expectCounts(arrived: 40)
        try store.write { try Untallied.tallyRows($0) }
        #expect(try tallied == 40)
        try expectCounts(arrived: 40)
    }

    @Test func whatIsPurgedBeforeItIsTallied() throws {
        try put(0..<1)
        try put(1..<40)
        let rule = Purge.Rule(olderThan: .seconds(0), statuses: [.received])
        let month = Timestamp(milliseconds: 31 * 86_400_000)
        #expect(try Purge(store: store).all(rule, dryRun: false, now: month).removed == 8)
        try expectCounts(arrived: 40)
        #expect(try store.number("SELECT sum(events) FROM event_count") == 32)
    }

    @Test(arguments: [false, true]) func aSelfTestThatIsNotTallied(isPushed: Bool) throws {
        try put(0..<1)
        let id = try scratch.put(.sample("own", type: Gatepost.selfTestType, route: .keep))[0].eventID
        #expect(try tallied == 1)
        let tests = SelfTests(store: store)
        if isPushed {
            #expect(try tests.push(id: id, jobID: "job", now: Timestamp(milliseconds: 1000)))
            try expectCounts(arrived: 2)
        }
        #expect(try tests.remove(id: id))
        try expectCounts(arrived: 2)
    }

    /// The newest event is gone, and the clock went back: what comes next stands behind the mark all the same.
    @Test func aClockThatWentBackLosesNoCount() throws {
        _ = try scratch.put(.sample("1"), .sample("2"), at: 90_000)
        try store.write { db in
            try Untallied.tallyRows(db)
            try db.execute(sql: "DELETE FROM webhook_event")
            var tally = Tally()
            tally.add(-2, tenant: "acme", source: "stripe", status: .queued)
            try tally.write(db)
        }
        for number in 3..<6 {
            _ = try scratch.put(.sample("\(number)"), at: 2000)
            try expectCounts(arrived: Int64(number))
        }
    }

    /// Who reads counts looks at the rows behind the mark, and never at many.
    @Test func nothingOfABackfillStandsBehindTheMark() throws {
        try put(0..<10)
        let items = (10..<2000).map { BackfillItem(NewEvent.sample("\($0)").broughtIn(by: "backfill"), state: nil) }
        var (known, progress): (KnownStates?, BackfillProgress?) = (nil, nil)
        _ = try scratch.writer.backfill(items, known: &known, progress: &progress, now: Timestamp(milliseconds: 1000))
        #expect(try store.number("SELECT count(*) FROM webhook_event WHERE seq > (SELECT seq FROM tally_mark)") == 0)
        try expectCounts(arrived: 10)
    }

    /// Whatever is done in whatever order, by two programs.
    @Test(arguments: 0..<16 as Range<UInt64>)
    func anyOrder(_ seed: UInt64) throws {
        var random = Seeded(seed)
        let writers = [scratch.writer, EventWriter(store: store)]
        var (number, now) = (0, Int64(1000))
        var arrived: [String: Int64] = [:]
        func noteArrival(_ events: [NewEvent]) {
            for event in events { arrived[event.tenant.description, default: 0] += 1 }
            number += events.count
        }
        for step in 0..<60 {
            let writer = writers.randomElement(using: &random)!
            now += [0, 0, 0, 1, 1500, -700].randomElement(using: &random)!
            let moment = Timestamp(milliseconds: now)
            let count = [1, 3, 30, 140].randomElement(using: &random)!
            let events = (number..<number + count).map {
                NewEvent.sample("\($0)", tenant: $0 % 3 == 0 ? "globex" : "acme", route: $0 % 5 == 0 ? .keep : .userSync)
            }
            var deed = "stores"
            switch Int.random(in: 0..<14, using: &random) {
            case 0..<5:
                _ = try writer.commit([events, Array(events.prefix(2))], now: moment)
                noteArrival(events)
            case 5:
                deed = "fails"
                #expect(throws: StoreError.self) {
                    try writer.commit([events, [NewEvent.sample("bad", nonce: [1])]], now: moment)
                }
            case 6, 7:
                deed = "rejects"
                var limits = Settings.Rejected()
                limits.keep = [0, 1, 3].randomElement(using: &random)!
                let taken = Bool.random(using: &random) ? events : []
                _ = try writer.commit(
                    taken.isEmpty ? [] : [taken], rejections: (0..<2).map { _ in NewRejection.sample(at: moment) }, limits: limits,
                    now: moment)
                noteArrival(taken)
            case 8:
                deed = "backfills"
                let items = events.map { BackfillItem($0.broughtIn(by: "backfill"), state: nil) }
                var (known, progress): (KnownStates?, BackfillProgress?) = (nil, nil)
                _ = try writer.backfill(items, known: &known, progress: &progress, now: moment)
                number += count
            case 9, 10:
                deed = "settles"
                try move(to: .processed, Int.random(in: 1..<50, using: &random), moment)
            case 11:
                deed = "purges"
                try remove(Int.random(in: 1..<50, using: &random))
            default:
                deed = "draws"
                writer.pending.add(.one)
                writer.flushCounters(now: moment)
            }
            try expectCounts("step \(step) \(deed)")
            for (tenant, events) in arrived {
                let sum = "SELECT sum(arrived) FROM event_count WHERE tenant = '\(tenant)'"
                #expect(try store.number(sum) == events, "step \(step) \(deed)")
            }
            let behind = "SELECT count(*) FROM webhook_event WHERE seq > (SELECT seq FROM tally_mark)"
            #expect(try store.number(behind)! < Int64(Untallied.most), "step \(step) \(deed)")
        }
    }

    /// As the worker does with its newest: status first, counts at the end.
    private func move(to status: EventStatus, _ most: Int, _ now: Timestamp) throws {
        try store.write { db in
            var tally = Tally()
            let sql = "SELECT seq, tenant, source FROM webhook_event WHERE status = 'queued' ORDER BY seq DESC LIMIT \(most)"
            for row in try Row.fetchAll(db, sql: sql) {
                try db.execute(sql: "UPDATE webhook_event SET status = ? WHERE seq = ?", arguments: [status.rawValue, row["seq"] as Int64])
                tally.move(tenant: row["tenant"], source: row["source"], from: .queued, to: status)
            }
            try tally.write(db, at: now)
        }
    }

    private func remove(_ most: Int) throws {
        try store.write { db in
            try Untallied.tallyRows(db)
            var tally = Tally()
            let sql = "SELECT seq, tenant, source, status FROM webhook_event WHERE signature_valid = 1 ORDER BY random() LIMIT \(most)"
            for row in try Row.fetchAll(db, sql: sql) {
                try db.execute(sql: "DELETE FROM webhook_event WHERE seq = ?", arguments: [row["seq"] as Int64])
                tally.add(-1, tenant: row["tenant"], source: row["source"], status: EventStatus(rawValue: row["status"])!)
            }
            try tally.write(db)
        }
    }
}

/// What programs of the version before do beside a store that is new already, until they are restarted: their statements, word by word.
@Suite struct TallyBesideTheVersionBeforeTests {
    fileprivate static let tally = """
        INSERT INTO event_tally (tenant, source, status, events, came) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (tenant, source, status) DO UPDATE SET events = events + excluded.events, came = came + excluded.came
        """
    fileprivate static let event = """
        INSERT INTO webhook_event (seq, id, source, tenant, event_type, received_at, occurred_at, status, signature_valid,
            idempotency_key, route, lane, source_ip, user_agent, created_by, request_id, traceparent, headers, raw_body, secret)
        VALUES (?1, 'i' || ?1, 'stripe', 'acme', 'invoice.paid', 1, 1, ?2, ?3, iif(?3, 'stripe:acme:' || ?1, NULL), 'order-event', NULL,
            NULL, NULL, ?4, 'r', NULL, '{}', x'', NULL)
        """

    @Test func ingest() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("1"), at: 1000)
        _ = try scratch.put(.sample("2"), at: 1000)
        for round in 0..<3 {
            try scratch.store.write { db in
                for row in 0..<4 {
                    let sequence = (1_000_000 + Int64(round) * 10) << 15 + Int64(row)
                    let values: StatementArguments = [sequence, row == 3 ? "discarded" : "queued", row < 3, "ingest"]
                    try db.execute(sql: Self.event, arguments: values)
                }
                try db.execute(sql: Self.tally, arguments: ["acme", "stripe", "queued", 3, 3])
                try db.execute(sql: Self.tally, arguments: ["acme", "stripe", "discarded", 1, 0])
                try db.execute(sql: "UPDATE event_tally SET drawn = came WHERE came > drawn")
            }
            let behind = "SELECT count(*) FROM webhook_event WHERE seq > (SELECT seq FROM tally_mark)"
            #expect(try scratch.store.number(behind) == 0, "who reads would look through all that it stores")
            func expect(queued: Int) throws {
                let counts = try scratch.store.texts("SELECT status || events || ' ' || arrived FROM event_count ORDER BY 1")
                #expect(counts == ["discarded\(round + 1) 0", "queued\(queued) \(queued)"])
            }
            try expect(queued: 4 * round + 5)
            // The new one, beside it.
            _ = try scratch.put(.sample("new \(round)"), at: 1_000_000 + Int64(round) * 10 + 5)
            try expect(queued: 4 * round + 6)
        }
    }

    @Test func worker() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("1"), at: 1000)
        _ = try scratch.put(.sample("2"), .sample("3"), at: 1000)
        try scratch.store.write { db in
            try db.execute(sql: "UPDATE webhook_event SET status = 'processed' WHERE idempotency_key LIKE '%:3'")
            try db.execute(sql: Self.tally, arguments: ["acme", "stripe", "queued", -1, 0])
            try db.execute(sql: Self.tally, arguments: ["acme", "stripe", "processed", 1, 0])
        }
        #expect(try scratch.store.texts("SELECT status || events FROM event_count ORDER BY 1") == ["processed1", "queued2"])
    }
}

/// A store of the version before.
@Suite struct TallyOfAnOlderStoreTests {
    @Test func goesOn() throws {
        let scratch = try Scratch()
        let path = scratch.file("store.db")
        let old = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(old, upTo: "17 timings")
        try old.write { db in
            for sequence in 1...7 {
                let status = sequence < 3 ? "processed" : "queued"
                try db.execute(sql: TallyBesideTheVersionBeforeTests.event, arguments: [sequence, status, true, "ingest"])
            }
            for (status, events, came) in [("queued", 5, 7), ("processed", 2, 0)] {
                try db.execute(sql: TallyBesideTheVersionBeforeTests.tally, arguments: ["acme", "stripe", status, events, came])
            }
            try db.execute(sql: "UPDATE event_tally SET drawn = came")
        }
        try old.close()
        let store = try Store(path: path)
        let counts = "SELECT status || events || ' ' || arrived || ' ' || drawn FROM event_count ORDER BY 1"
        #expect(try store.texts(counts) == ["processed2 0 0", "queued5 7 7"])
        _ = try EventWriter(store: store).commit([[.sample("a"), .sample("b")]], now: Timestamp(milliseconds: 1000))
        #expect(try store.texts(counts) == ["processed2 0 0", "queued7 9 9"])
    }
}

extension Counters {
    fileprivate static var one: Counters {
        var counters = Counters()
        counters.add(.jobRetries, by: 1)
        return counters
    }
}

extension NewEvent {
    fileprivate func broughtIn(by program: String) -> NewEvent {
        NewEvent(
            source: source, tenant: tenant, reading: reading, receivedAt: receivedAt, sourceIP: sourceIP, userAgent: userAgent,
            createdBy: program, requestID: requestID, traceparent: traceparent, headers: headers, rawBody: rawBody, nonce: nonce)
    }
}

extension NewRejection {
    fileprivate static func sample(at now: Timestamp) -> NewRejection {
        let request = SignedRequest(
            method: "POST", url: "https://hooks.example/api/webhooks/stripe", headers: HeaderFields(), body: Bytes("{}".utf8))
        let arrival = Arrival(
            request: request, mediaType: "application/json", receivedAt: now, sourceIP: nil, requestID: "r",
            createdBy: NewEvent.byWebhook)
        return NewRejection(
            arrival, provider: Catalogue.provider(for: "stripe")!, tenant: "acme", reason: "signature_wrong", explanation: "wrong",
            missed: 0)
    }
}
