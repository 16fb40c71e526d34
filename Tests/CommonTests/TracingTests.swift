import Testing

@testable import Common

@Suite struct TracingTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let span = "b7ad6b7169203331"

    /// https://www.w3.org/TR/trace-context/#traceparent-header, sections 3.2.2 and 3.2.4.
    @Test(
        arguments: [
            ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", false), ("00-\(trace)-\(span)-ff", true),
            ("cc-\(trace)-\(span)-01", true), ("cc-\(trace)-\(span)-01-what-the-future", true), ("cc-\(trace)-\(span)-01.x", nil),
            ("00-\(trace)-\(span)-01-", nil), ("00-\(trace)-\(span)-01-x", nil), ("ff-\(trace)-\(span)-01", nil),
            ("00-\(String(repeating: "0", count: 32))-\(span)-01", nil), ("00-\(trace)-\(String(repeating: "0", count: 16))-01", nil),
            ("00-\(trace.uppercased())-\(span)-01", nil), ("00-\(trace)-\(span.uppercased())-01", nil), ("00-\(trace)-\(span)-0G", nil),
            ("0-\(trace)-\(span)-01", nil), ("00-\(trace.dropLast())-\(span)-01", nil), ("00_\(trace)_\(span)_01", nil), ("", nil),
            (" 00-\(trace)-\(span)-01", nil), ("cc-\(trace)-\(span)-01-" + String(repeating: "x", count: 600), nil),
        ] as [(String, Bool?)])
    func readsTraceparent(_ text: String, isSampled: Bool?) {
        let read = Traceparent(text)
        #expect(read?.isSampled == isSampled)
        guard let read, let isSampled else { return #expect(read == nil) }
        #expect(read.description == "00-\(Self.trace)-\(Self.span)-\(isSampled ? "01" : "00")")
    }

    @Test(arguments: [
        (Self.trace, nil, Self.trace), ("0af76519-16cd-43dd-8448-eb211c80319c", nil, Self.trace),
        ("request-1", nil, "01a209fa1a0c7000865152dd2ef3ec37"),
        (String(repeating: "0", count: 32), nil, "01a209fa1a0c7000865152dd2ef3ec37"),
        ("request-1", "00-\(Self.trace)-\(Self.span)-01", Self.trace),
    ])
    func theTraceIsTheSendersOrTheRequests(request: String, traceparent: String?, expected: String) {
        let id = "01a209fa-1a0c-7000-8651-52dd2ef3ec37"
        let trace = EventTrace(eventID: id, requestID: request, traceparent: traceparent)
        #expect(trace.traceID == expected && trace.spanID == "865152dd2ef3ec37")
        #expect(EventTrace.id(eventID: id, requestID: request, traceparent: traceparent) == expected)
        #expect(trace.spanID(of: "verify") != trace.spanID(of: "commit") && trace.spanID(of: "verify").count == 16)
    }

    @Test func aTraceIDHasLowerCaseDigitsAlone() {
        for place in 0..<32 {
            for byte in UInt8.min...UInt8.max {
                var text = Bytes(Self.trace.utf8)
                text[place] = byte
                #expect(text.withUnsafeBufferPointer(Traceparent.isTraceID) == Traceparent.isDigit(byte), "\(byte) at \(place)")
            }
        }
        for place in 0..<32 {
            var text = Bytes(repeating: UInt8(ascii: "0"), count: 32)
            #expect(!text.withUnsafeBufferPointer(Traceparent.isTraceID))
            text[place] = UInt8(ascii: "1")
            #expect(text.withUnsafeBufferPointer(Traceparent.isTraceID), "\(place)")
        }
        #expect(![31, 33].contains { Bytes(repeating: 0x61, count: $0).withUnsafeBufferPointer(Traceparent.isTraceID) })
    }

    @Test(
        arguments: [
            ("always_on", nil, [true, true, true]), ("always_off", nil, [false, false, false]),
            ("parentbased_always_on", nil, [true, false, true]), ("parentbased_always_off", nil, [true, false, false]),
            ("traceidratio", 0, [false, false, false]), ("traceidratio", 1, [true, true, true]),
            ("parentbased_traceidratio", 0, [true, false, false]), ("traceidratio", 0.04, [true, true, true]),
            ("traceidratio", 0.03, [false, false, false]),
        ] as [(String, Double?, [Bool])])
    func samples(name: String, argument: Double?, expected: [Bool]) throws {
        let sampler = try #require(Sampler(name: name, argument: argument))
        // The low half begins with 08: 1/32 of the range, 0.0313.
        let trace = "0af7651916cd43dd0848eb211c80319c"
        let answers = ["01", "00"].map { flags in
            sampler.samples(EventTrace(eventID: "", requestID: "", traceparent: "00-\(trace)-\(Self.span)-\(flags)"))
        }
        #expect(answers + [sampler.samples(EventTrace(eventID: "", requestID: trace, traceparent: nil))] == expected)
    }

    @Test func aRatioIsARatio() throws {
        let sampler = try #require(Sampler(name: "traceidratio", argument: 0.25))
        var random = Seeded(7)
        let count = (0..<4000).filter { _ in
            let id = String(decoding: Hex.encode(random.bytes(16)), as: UTF8.self)
            return sampler.samples(EventTrace(eventID: "", requestID: id, traceparent: nil))
        }.count
        #expect((900...1100).contains(count), "\(count)")
    }

    @Test func ingestLeavesWhatTheWorkerTells() throws {
        let scratch = try ScratchStore()
        let writer = EventWriter(store: scratch.store, timings: PendingTimings(Sampler()))
        let events = [NewEvent.sample("1"), .sample("2")]
        let outcomes = try writer.commit([events], now: Timestamp(milliseconds: 1000))[0]
        let timing = IngestTiming(verify: 20, commit: 300, total: 400)
        writer.timings?.add(outcomes + [.duplicate(outcomes[0].eventID)], of: events + [.sample("1")], timing)
        #expect(try scratch.store.takeIngestSpans(most: 10) == nil, "not yet in the store")
        let other = try Store(path: scratch.store.path)
        try other.write { _ in writer.flushCounters() }
        #expect(try scratch.store.takeIngestSpans(most: 10) == nil, "another program holds the store")
        writer.flushCounters()
        #expect(try scratch.store.takeIngestSpans(most: 1)?.map(\.name) == ["ingest", "verify", "commit"])
        let spans = try #require(try scratch.store.takeIngestSpans(most: 10))
        #expect(try scratch.store.takeIngestSpans(most: 10) == nil)
        let trace = EventTrace(eventID: outcomes[1].eventID, requestID: "request-1", traceparent: nil)
        #expect(spans.map(\.id) == [trace.spanID, trace.spanID(of: "verify"), trace.spanID(of: "commit")])
        #expect(spans.map(\.parentID) == [nil, trace.spanID, trace.spanID] && Set(spans.map(\.traceID)) == [trace.traceID])
        #expect(spans.map(\.start) == [1_000_000_000, 1_000_000_000, 1_000_100_000])
        #expect(spans.map(\.end) == [1_000_400_000, 1_000_020_000, 1_000_400_000])
    }

    /// More than one row takes, and the last one not full. They are taken out in the order they came, however many at a time.
    @Test func manyTimingsAreWrittenTogether() throws {
        let scratch = try ScratchStore()
        let writer = EventWriter(store: scratch.store, timings: PendingTimings(Sampler()))
        let events = (0..<IngestTimingSQL.together * 2 + 3).map { NewEvent.sample("\($0)") }
        let outcomes = try writer.commit([events], now: Timestamp(milliseconds: 1000))[0]
        for (place, pair) in zip(0..., zip(outcomes, events)) {
            let timing = IngestTiming(verify: Int64(place), commit: 0, total: Int64(place))
            writer.timings?.add([pair.0], of: [pair.1], timing)
        }
        writer.flushCounters()
        #expect(try scratch.store.texts("SELECT length(timings) FROM ingest_timing ORDER BY id") == ["8000", "8000", "60"])
        var spans: [Span] = []
        for most in [1, 399, 100, 301, 300] {
            spans += try #require(try scratch.store.takeIngestSpans(most: most)).filter { $0.name == "verify" }
        }
        #expect(spans.map(\.traceID) == outcomes.map { EventTrace.id(eventID: $0.eventID, requestID: "request-1", traceparent: nil) })
        #expect(spans.map { $0.end - $0.start } == events.indices.map { Int64($0) * 1000 })
        #expect(try scratch.store.number("SELECT count(*) FROM ingest_timing") == 0)
        #expect(try scratch.store.number("SELECT count(*) FROM metric WHERE name = 'gatepost_spans_dropped_total'") == 0)
    }

    @Test func timingsOfEventsThatAreGoneMakeNoSpans() throws {
        let scratch = try ScratchStore()
        let writer = EventWriter(store: scratch.store, timings: PendingTimings(Sampler()))
        let events = [NewEvent.sample("1"), .sample("2")]
        let outcomes = try writer.commit([events], now: Timestamp(milliseconds: 1000))[0]
        writer.timings?.add(outcomes, of: events, IngestTiming(verify: 0, commit: 0, total: 0))
        writer.flushCounters()
        try scratch.store.run("DELETE FROM webhook_event WHERE id = '\(outcomes[0].eventID)'")
        #expect(try scratch.store.takeIngestSpans(most: 1)?.isEmpty == true, "there may be more behind it")
        let spans = try #require(try scratch.store.takeIngestSpans(most: 2))
        #expect(spans.first?.attributes.first?.value == .text(outcomes[1].eventID) && spans.count == 3)
    }

    /// The numbers stand where the table's description says, and none is too large for its place.
    @Test func timingsArePacked() {
        let some = IngestTiming(verifyNanoseconds: 1_999, commitNanoseconds: 0x0203_0405 * 1000, totalNanoseconds: 0x0607_0809 * 1000)
        let long = IngestTiming(verifyNanoseconds: -5000, commitNanoseconds: 0, totalNanoseconds: .max)
        let timings = [EventTiming(sequence: 0x0102_0304_0506_0708, timing: some), EventTiming(sequence: .max, timing: long)]
        let packed = EventTiming.packed(timings)
        #expect(packed.prefix(20) == [8, 7, 6, 5, 4, 3, 2, 1, 1, 0, 0, 0, 5, 4, 3, 2, 9, 8, 7, 6])
        #expect(packed.suffix(20) == [255, 255, 255, 255, 255, 255, 255, 127, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255])
        #expect(EventTiming.unpacked(packed) == timings && EventTiming.unpacked(packed + [1]) == timings)
        #expect(EventTiming.unpacked(Bytes(packed.prefix(19))).isEmpty)
    }

    @Test func whatItsSenderDoesNotSampleLeavesNoTiming() throws {
        for (flags, kept) in [("00", 0), ("01", 1)] {
            let timings = PendingTimings(Sampler())
            let event = NewEvent.sample("1", traceparent: "00-\(Self.trace)-\(Self.span)-\(flags)")
            timings.add([.stored(EventID(sequence: 1, entropy: 0))], of: [event], IngestTiming(verify: 0, commit: 0, total: 0))
            #expect(timings.takeAll().timings.count == kept, "\(flags)")
        }
    }

    @Test func theTableOfTimingsIsBounded() throws {
        let scratch = try ScratchStore()
        try scratch.store.run("INSERT INTO ingest_timing (timings) VALUES (zeroblob(20000 * 20)), (zeroblob(19999 * 20))")
        let writer = EventWriter(store: scratch.store, timings: PendingTimings(Sampler()))
        let events = [NewEvent.sample("1"), .sample("2")]
        let outcomes = try writer.commit([events], now: Timestamp(milliseconds: 1000))[0]
        writer.timings?.add(outcomes, of: events, IngestTiming(verify: 0, commit: 0, total: 0))
        writer.flushCounters()
        #expect(try scratch.store.number("SELECT sum(length(timings)) / 20 FROM ingest_timing") == 40_000)
        #expect(try scratch.store.texts("SELECT value FROM metric WHERE name = 'gatepost_spans_dropped_total'") == ["3"])
    }

    /// However often they could not be written: what was there first stays, what has no room is counted once.
    @Test func timingsThatWaitAreBounded() throws {
        let scratch = try ScratchStore()
        let writer = EventWriter(store: scratch.store, timings: PendingTimings(Sampler()))
        let other = try Store(path: scratch.store.path)
        func add(_ sequences: Range<Int>) {
            let outcomes = sequences.map { StoreOutcome.stored(EventID(sequence: Int64($0), entropy: 0)) }
            let events = [NewEvent](repeating: .sample("1"), count: outcomes.count)
            writer.timings?.add(outcomes, of: events, IngestTiming(verify: 0, commit: 0, total: 0))
        }
        add(0..<39_999)
        try other.write { _ in
            writer.flushCounters()
            add(39_999..<40_001)
            writer.flushCounters()
            add(40_001..<40_004)
            writer.flushCounters()
        }
        // What comes while they are being written.
        let under = try #require(writer.timings?.takeAll())
        add(50_000..<50_003)
        writer.timings?.putBack(under)
        let taken = try #require(writer.timings?.takeAll())
        #expect(taken.timings.map(\.sequence) == (0..<40_000).map(Int64.init) && taken.dropped == 7)
        writer.timings?.putBack(taken)
        writer.flushCounters()
        #expect(try scratch.store.number("SELECT sum(length(timings)) / 20 FROM ingest_timing") == 40_000)
        #expect(try scratch.store.texts("SELECT value FROM metric WHERE name = 'gatepost_spans_dropped_total'") == ["21"])
    }

    /// An ingest of the version before may go on while the store is upgraded: what it writes is told as well.
    @Test func timesInRowsOfTheirOwnAreToldToo() throws {
        let scratch = try ScratchStore()
        let events = [NewEvent.sample("1"), .sample("2"), .sample("3")]
        let ids = try EventWriter(store: scratch.store).commit([events], now: Timestamp(milliseconds: 1000))[0].map(\.eventID)
        for id in ids {
            let sequence = try #require(EventID(id)).sequence
            try scratch.store.run(
                """
                INSERT OR IGNORE INTO ingest_span (event_seq, verify_us, commit_us, total_us)
                SELECT column1, column2, column3, column4 FROM (VALUES (\(sequence), 20, 300, 400)) WHERE column1 IS NOT NULL
                """)
        }
        let traces = ids.map { EventTrace.id(eventID: $0, requestID: "request-1", traceparent: nil) }
        let first = try #require(try scratch.store.takeIngestSpans(most: 2))
        #expect(first.filter { $0.name == "ingest" }.map(\.traceID) == Array(traces[..<2]))
        #expect(first.filter { $0.name == "commit" }.map { $0.end - $0.start } == [300_000, 300_000])
        #expect(try scratch.store.takeIngestSpans(most: 2)?.map(\.traceID) == Array(repeating: traces[2], count: 3))
        #expect(try scratch.store.takeIngestSpans(most: 2) == nil)
    }

    @Test func spansAreWrittenAsOTLPHasThem() throws {
        var span = Span(traceID: Self.trace, id: Self.span, parentID: nil, name: "pu\"sh", kind: .client, start: 5, end: 4)
        span.attributes = [("n", .number(7)), ("t", .text("x"))]
        span.links = (0..<130).map { _ in .init(traceID: Self.trace, spanID: Self.span) }
        span.error = "status 500"
        var tracing = Settings.Tracing(url: "http://127.0.0.1/v1/traces")
        tracing.attributes = [("deployment.environment", "test")]
        let root = try JSONDocument(SpanJSON.request([span], tracing)).root
        let resource = try #require(root["resourceSpans"]?.elements.first)
        #expect(
            resource["resource"]?["attributes"]?.elements.map { $0["key"]?.string } == [
                "service.name", "service.version", "deployment.environment",
            ])
        let read = try #require(resource["scopeSpans"]?.elements.first?["spans"]?.elements.first)
        #expect(read["traceId"]?.string == Self.trace && read["parentSpanId"] == nil && read["kind"]?.integer == 3)
        #expect(read["startTimeUnixNano"]?.string == "5" && read["endTimeUnixNano"]?.string == "5" && read["name"]?.string == "pu\"sh")
        #expect(read["links"]?.elements.count == 128 && read["droppedLinksCount"]?.integer == 2 && read["status"]?["code"]?.integer == 2)
    }
}
