import GRDB
import Testing

@testable import Common

@Suite struct MetricTests {
    private func families(_ store: Store, now: Int64 = 5000) throws -> [Metric: MetricFamily] {
        let families = try MetricReading(store, nil, now: Timestamp(milliseconds: now)).families(now: Timestamp(milliseconds: now))
        return Dictionary(uniqueKeysWithValues: families.map { ($0.metric, $0) })
    }

    @Test func rendersWhatPrometheusReads() {
        var histogram = MetricFamily(metric: .jobDuration)
        histogram.distribution = .init(buckets: [1, 0, 2] + Array(repeating: 0, count: 10) + [1], sum: 70_030.5)
        let text = MetricText.render([
            MetricFamily(metric: .circuits, samples: [.init(["https://a/\"b\\c\nd", "shop"], 2)]),
            MetricFamily(metric: .oldestQueued, samples: [.init([], 1.25)]), histogram,
        ])
        #expect(text.hasPrefix("# HELP gatepost_circuit_state 0 closed"))
        #expect(text.contains("\ngatepost_circuit_state{endpoint=\"https://a/\\\"b\\\\c\\nd\",tenant=\"shop\"} 2\n"))
        #expect(text.contains("\ngatepost_oldest_queued_age_seconds 1.25\n"))
        #expect(
            text.contains("job_duration_ms_bucket{le=\"5\"} 1\njob_duration_ms_bucket{le=\"10\"} 1\njob_duration_ms_bucket{le=\"25\"} 3\n"))
        #expect(
            text.contains(
                "_bucket{le=\"60000\"} 3\njob_duration_ms_bucket{le=\"+Inf\"} 4\njob_duration_ms_sum 70030.5\njob_duration_ms_count 4\n"))
    }

    @Test(arguments: [(0, 0), (500, 0), (501, 1), (5_000_000, 12), (5_000_001, 13), (-7, 0)])
    func bucketsHoldTheirUpperBound(microseconds: Int, bucket: Int) {
        var counts = HistogramCounts(.ingestDuration)
        counts.observe(.microseconds(microseconds))
        #expect(counts.buckets.firstIndex(of: 1) == bucket)
        #expect(counts.microseconds == Int64(max(0, microseconds)))
    }

    @Test func whatIsStoredIsCountedInItsTransaction() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("1"), .sample("2"), .sample("1"), .sample("3", route: .keep))
        let samples = try #require(try families(scratch.store)[.ingestCount]).samples
        #expect(samples == [.init(["stripe", "acme", "kept"], 1), .init(["stripe", "acme", "queued"], 2)])
    }

    @Test func aFailedCommitCountsNothingAndLosesNothing() throws {
        let scratch = try ScratchStore()
        var waiting = Counters()
        waiting.add(.ingestFailures, "stripe", "bad_json")
        scratch.writer.pending.add(waiting)
        #expect(throws: StoreError.self) { try scratch.put(.sample("1"), .sample("2", nonce: [1])) }
        #expect(try families(scratch.store)[.ingestFailures]?.samples == [])
        _ = try scratch.put(.sample("3"), at: 3000)
        #expect(try families(scratch.store)[.ingestFailures]?.samples == [.init(["stripe", "bad_json"], 1)])
        #expect(try families(scratch.store)[.ingestCount]?.samples == [.init(["stripe", "acme", "queued"], 1)])
    }

    /// A flood of repeats or forgeries costs no write each.
    @Test func whatStoresNothingWritesNothing() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("1"))
        let before = try scratch.store.read { $0.totalChangesCount }
        var waiting = Counters()
        waiting.add(.ingestCount, "stripe", "acme", "duplicate")
        scratch.writer.pending.add(waiting)
        for moment in 2...20 { _ = try scratch.put(.sample("1"), at: Int64(moment) * 1000) }
        #expect(try scratch.store.read { $0.totalChangesCount } == before)
        scratch.writer.flushCounters()
        scratch.writer.flushCounters()
        #expect(try families(scratch.store)[.ingestCount]?.samples.first == .init(["stripe", "acme", "duplicate"], 1))
        #expect(scratch.writer.pending.isEmpty)
    }

    @Test func goesAlongWithACommitOnceASecond() throws {
        let scratch = try ScratchStore()
        var waiting = Counters()
        waiting.observe(.ingestDuration, .milliseconds(3))
        for (moment, expected) in [(1000, 1), (1500, 1), (1999, 1), (2000, 4)] as [(Int64, Int64)] {
            scratch.writer.pending.add(waiting)
            _ = try scratch.put(.sample("\(moment)"), at: moment)
            #expect(try families(scratch.store)[.ingestDuration]?.distribution?.buckets.reduce(0, +) == expected, "\(moment)")
        }
        #expect(try families(scratch.store)[.ingestDuration]?.distribution?.sum == 0.012)
    }

    /// Drawn once a second; who looks at the lines sees all of it at any time.
    @Test func whatCameIsDrawnOnceASecond() throws {
        let scratch = try ScratchStore()
        func drawn() throws -> Int64? { try scratch.store.number("SELECT sum(came) FROM activity WHERE width = 60000") }
        func seen(at moment: Int64) throws -> [[Int]] {
            let queries = EventQueries(store: scratch.store)
            let waiting = try queries.counts().total(.queued)
            return try queries.activity(waiting: waiting, now: Timestamp(milliseconds: moment)).map { span in
                [span.steps.reduce(0) { $0 + $1.came }, span.steps.last?.waiting ?? 0, span.steps.first?.waiting ?? 0]
            }
        }
        for (moment, expected, all) in [(1000, 1, 1), (1500, 1, 2), (1999, 1, 3), (2000, 4, 4)] as [(Int64, Int64, Int)] {
            _ = try scratch.put(.sample("\(moment)"), at: moment)
            #expect(try drawn() == expected, "\(moment)")
            #expect(try seen(at: moment) == Array(repeating: [all, all, 0], count: 3), "\(moment)")
        }
        _ = try scratch.put(.sample("2500"), .sample("2501", route: .keep), at: 2500)
        #expect(throws: StoreError.self) { try scratch.put(.sample("3000"), .sample("3001", nonce: [1]), at: 3000) }
        #expect(try drawn() == 4)
        #expect(try seen(at: 3000) == Array(repeating: [6, 5, 0], count: 3))
        // Another program goes on where one was killed.
        _ = try EventWriter(store: scratch.store).commit([[.sample("4000")]], now: Timestamp(milliseconds: 4000))
        #expect(try drawn() == 7)
        #expect(try seen(at: 4000) == Array(repeating: [7, 6, 0], count: 3))
    }

    /// The ingest of the version before goes on for a while beside a store that is new already.
    @Test func whatTheVersionBeforeCountsIsAdded() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("1"))
        try scratch.store.run("INSERT INTO metric VALUES ('webhook_ingest_count_total', 'stripe', 'acme', 'queued', 4)")
        #expect(try families(scratch.store)[.ingestCount]?.samples == [.init(["stripe", "acme", "queued"], 5)])
    }

    @Test func countsOfAnOlderStoreGoOn() throws {
        let scratch = try Scratch()
        let old = try DatabaseQueue(path: scratch.file("store.db"))
        try Schema.migrator.migrate(old, upTo: "15 outages")
        try old.write { db in
            try db.execute(
                sql: """
                    INSERT INTO event_tally VALUES ('acme', 'stripe', 'queued', 2), ('acme', 'stripe', 'processed', 5);
                    INSERT INTO metric VALUES ('webhook_ingest_count_total', 'stripe', 'acme', 'queued', 7),
                        ('webhook_ingest_count_total', 'stripe', 'acme', 'duplicate', 1),
                        ('webhook_ingest_count_total', 'stripe', 'acme', 'kept', 3),
                        ('webhook_ingest_fail_count_total', 'stripe', 'bad_json', '', 4)
                    """)
        }
        try old.close()
        let store = try Store(path: scratch.file("store.db"))
        _ = try EventWriter(store: store).commit([[.sample("1")]], now: Timestamp(milliseconds: 1000))
        let samples = try #require(try families(store)[.ingestCount]).samples
        #expect(
            samples == [
                .init(["stripe", "acme", "duplicate"], 1), .init(["stripe", "acme", "kept"], 3), .init(["stripe", "acme", "queued"], 8),
            ])
        #expect(try families(store)[.ingestFailures]?.samples == [.init(["stripe", "bad_json"], 4)])
        #expect(try store.texts("SELECT status || events FROM event_count ORDER BY status") == ["processed5", "queued3", "received0"])
    }

    @Test func aLockedStoreKeepsNobodyWaiting() throws {
        let scratch = try ScratchStore()
        var waiting = Counters()
        waiting.add(.jobRetries, by: 7)
        scratch.writer.pending.add(waiting)
        let other = try DatabaseQueue(path: scratch.scratch.file("store.db"))
        try other.inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            let began = ContinuousClock.now
            scratch.writer.flushCounters()
            #expect(ContinuousClock.now - began < .seconds(4), "the store's own patience is 5 s")
            try db.execute(sql: "ROLLBACK")
        }
        #expect(!scratch.writer.pending.isEmpty)
        scratch.writer.flushCounters()
        #expect(try families(scratch.store)[.jobRetries]?.samples == [.init([], 7)])
    }

    @Test func countsOutliveTheProgram() throws {
        let scratch = try ScratchStore()
        for run in 1...3 {
            let store = try Store(path: scratch.scratch.file("store.db"))
            _ = try EventWriter(store: store).commit([[.sample("run \(run)")]], now: Timestamp(milliseconds: Int64(run) * 1000))
        }
        #expect(try families(scratch.store)[.ingestCount]?.samples == [.init(["stripe", "acme", "queued"], 3)])
    }

    /// A rule on an increase sees the first one only where there was a zero before.
    @Test func countersWhoseLabelsAreKnownBeginAtZero() throws {
        let scratch = try ScratchStore()
        #expect(
            try families(scratch.store)[.spansDropped]?.samples == [
                .init(["collector_down"], 0), .init(["queue_full"], 0), .init(["refused"], 0),
            ])
        #expect(try families(scratch.store)[.ingestCount]?.samples == [])
        var counters = Counters()
        counters.add(.spansDropped, SpanDrop.queueFull.rawValue, by: 3)
        try scratch.store.count(counters)
        #expect(
            try families(scratch.store)[.spansDropped]?.samples == [
                .init(["collector_down"], 0), .init(["queue_full"], 3), .init(["refused"], 0),
            ])
    }

    @Test func gaugesSayHowThingsStand() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("1"), .sample("2"), .sample("3", tenant: "else", route: .keep))
        try Pauses(store: scratch.store).add(
            Pauses.Pause(tenant: "acme", source: nil, route: .userSync), now: Timestamp(milliseconds: 1000))
        let families = try families(scratch.store)
        #expect(families[.queueDepth]?.samples == [.init([], 2)])
        #expect(families[.deadLetters]?.samples == [.init([], 0)])
        #expect(families[.oldestQueued]?.samples == [.init([], 4)])
        #expect(families[.pauses]?.samples == [.init(["acme", "*", "user-sync"], 1)])
        #expect(families[.events]?.samples == [.init(["acme", "stripe", "queued"], 2), .init(["else", "stripe", "received"], 1)])
        #expect(families[.build]?.samples == [.init([Gatepost.version], 1)])
        #expect((families[.databaseBytes]?.samples.first?.value ?? 0) > 0 && (families[.freeBytes]?.samples.first?.value ?? 0) > 0)
    }

    @Test func everyMetricHasAsManyLabelsAsItsSamples() throws {
        for metric in Metric.allCases {
            #expect(metric.labels.count <= 3, "the store keeps three")
            #expect(metric.help.hasSuffix(".") || metric == .build, "\(metric)")
            #expect((metric.kind == .histogram) == !metric.bounds.isEmpty)
            #expect(metric.bounds == metric.bounds.sorted())
            if metric.kind == .counter { #expect(metric.rawValue.hasSuffix("_total")) }
        }
    }
}
