import Testing

@testable import Common

@Suite struct RetentionTests {
    private static func read(_ yaml: String) -> (Purge.Rule?, [String]) {
        var reader = SettingsReader(path: "f")
        reader.read(yaml: yaml)
        return (reader.settings.retention, reader.file.problems.map(\.text))
    }

    private static func days(_ count: Int64) -> Duration { .seconds(count * 86_400) }

    @Test func oneTimeIsForWhatIsDone() throws {
        let rule = try #require(Self.read("retention: 90d").0)
        #expect(rule.age(of: .processed, source: "stripe") == Self.days(90) && rule.age(of: .received, source: "x") == Self.days(90))
        #expect(rule.age(of: .failed, source: "stripe") == nil && rule.age(of: .queued, source: "stripe") == nil)
    }

    @Test func statusesAndSourcesHaveTheirOwn() throws {
        let (read, problems) = Self.read(
            "retention:\n  processed: 90d\n  failed: 180d\n  keys: 60d\n  sources:\n    stripe:\n      processed: 7d\n      received: 1h")
        let rule = try #require(read)
        #expect(problems == [])
        #expect(rule.age(of: .processed, source: "stripe") == Self.days(7) && rule.age(of: .processed, source: "github") == Self.days(90))
        #expect(rule.age(of: .failed, source: "stripe") == Self.days(180) && rule.age(of: .discarded, source: "stripe") == nil)
        #expect(rule.shortest == .seconds(3600) && rule.keyAge == Self.days(60))
    }

    @Test(arguments: [
        ("queued", "retention:\n  queued: 1d", "retention.queued: no such setting"),
        ("a short key", "retention:\n  keys: 29d", "retention.keys: expected"),
        (
            "a wrong source", "retention:\n  sources:\n    strpe:\n      processed: 1d",
            "retention.sources.strpe: no such source (did you mean stripe?)"
        ),
        ("too short", "retention:\n  processed: 59min", "retention.processed: expected"),
    ])
    func refuses(_ name: String, yaml: String, text: String) {
        #expect(Self.read(yaml).1.first?.hasPrefix(text) == true, "\(name): \(Self.read(yaml).1)")
    }

    /// Sources by their own times, keys longer than payloads, what is open never.
    @Test func purgesByIt() throws {
        let scratch = try ScratchStore()
        for (id, source) in [("evt_1", "stripe"), ("evt_2", "github")] {
            _ = try scratch.put(.sample(id, source: SourceName(source)!, route: .keep, body: [1]))
        }
        _ = try scratch.put(.sample("evt_open", body: [1]))
        var rule = Purge.Rule(olderThan: .zero, statuses: [])
        rule.byStatus = [.received: Self.days(50)]
        rule.bySource = ["stripe": [.received: Self.days(7), .processed: Self.days(7)]]
        rule.keyAge = Self.days(60)
        let purge = Purge(store: scratch.store)
        func at(_ day: Int64) throws -> [Int] {
            let count = try purge.all(rule, dryRun: false, now: Timestamp(milliseconds: 1000) + Self.days(day))
            return [count.removed, count.emptied]
        }
        #expect(try at(6) == [0, 0])
        #expect(try at(8) == [0, 1])
        #expect(try at(45) == [0, 0], "its key stays for 60 days")
        #expect(try at(55) == [0, 1])
        #expect(try at(61) == [2, 0])
        #expect(try scratch.store.texts("SELECT idempotency_key FROM webhook_event") == ["stripe:acme:evt_open"])
    }

    /// The row that keeps the key says no more whose it was.
    @Test func whatIsEmptiedNamesNobody() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("evt_1", lane: "email:anna@example.com", body: Bytes(#"{"email":"anna@example.com"}"#.utf8)))
        let (queue, noon) = (JobQueue(store: scratch.store), Timestamp(milliseconds: 2000))
        let pushes = try queue.claim(tenant: "acme", limits: .init(items: 9), lease: "l", until: noon + .seconds(45), now: noon)
        let failure = PushFailure(cause: "http_400", text: "no", httpStatus: 400)
        let trace = RequestTrace(requestID: "r", tookMilliseconds: 1, answer: "no user anna@example.com")
        try queue.settle(pushes.map { ($0, .dead(failure)) }, lease: "l", trace: trace, now: noon)
        let rule = Purge.Rule(olderThan: .seconds(3600), statuses: [.failed])
        let count = try Purge(store: scratch.store).all(rule, dryRun: false, now: noon + Self.days(1))
        #expect(count.emptied == 1 && count.removed == 0)
        for (table, column) in [("webhook_event", "lane"), ("job_execution", "lane"), ("attempt", "answer")] {
            #expect(try scratch.store.number("SELECT count(*) FROM \(table) WHERE \(column) IS NOT NULL") == 0, "\(table).\(column)")
        }
        #expect(try scratch.store.texts("SELECT error FROM attempt") == ["no"], "why it died stays")
        #expect(try scratch.put(.sample("evt_1"))[0].isNew == false)
    }
}
