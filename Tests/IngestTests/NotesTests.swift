import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct NotesTests {
    private let line = LogLine("x", at: noon)

    @Test func aRoundOfWhichThereIsNothingToSayKeepsNobodyAwake() {
        var notes = Notes()
        notes.end(at: 5)
        #expect(notes.isEmpty && !notes.areDue(at: 1 << 40))
    }

    /// From the end of the first round, however many come behind it.
    @Test func areDueBeforeTheyAreOld() {
        var notes = Notes()
        for round in 0..<3 {
            notes.log.add([line])
            notes.end(at: 7 + Int64(round))
        }
        #expect(!notes.isEmpty && !notes.areDue(at: 7 + Notes.longest - 1))
        #expect(notes.areDue(at: 7 + Notes.longest))
    }

    @Test func areDueBeforeTheyAreMany() {
        var notes = Notes()
        while notes.log.text.count < Notes.most {
            #expect(!notes.areDue(at: 7))
            notes.log.add([line])
            notes.end(at: 7)
        }
        #expect(notes.areDue(at: 7))
    }

    /// Each count once, and what comes later waits again.
    @Test func tellsAllAndBeginsAnew() {
        let pending = PendingCounters()
        var notes = Notes()
        notes.log.add([line])
        notes.durations.observe(microseconds: 7)
        notes.counts.add(.ingestCount, "stripe", "acme", "duplicate")
        notes.end(at: 1)
        #expect(!notes.isEmpty && pending.isEmpty)
        var told = Bytes()
        for _ in 0..<2 { notes.tell(pending) { told += $0 } }
        #expect(String(decoding: told, as: UTF8.self) == "\(String(decoding: line.json, as: UTF8.self))}\n")
        #expect(notes.isEmpty && notes.log.text.isEmpty && notes.counts.isEmpty && notes.durations.isEmpty)
        var durations = HistogramCounts(.ingestDuration)
        durations.observe(microseconds: 7)
        var expected = Counters()
        expected.add(.ingestCount, "stripe", "acme", "duplicate")
        expected.observe(.ingestDuration, durations)
        #expect(pending.takeAll() == expected)
    }
}
