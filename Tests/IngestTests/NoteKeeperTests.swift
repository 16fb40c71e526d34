import Foundation
import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct NoteKeeperTests {
    /// A turn whose round hangs does not come to it.
    @Test func whatIsOldIsToldWithoutTheTurn() throws {
        let scratch = try Scratch()
        let store = try Store(path: "\(scratch.path)/store.db")
        let writer = EventWriter(store: store)
        let desk = Desk(
            live: LiveGateway(fixed: try Gateway.sample(), store), store: store, writer: writer, freeSpaceFloor: 0)
        let notes = NoteKeeper(writer.pending)
        let ended = Pipe()
        try ended.fileHandleForWriting.close()
        let keeper = CounterKeeper(desk: CurrentDesk(desk, Settings()), notes: notes, stop: ended.fileHandleForReading.fileDescriptor)

        notes.add(at: SteadyClock.now + 60_000_000_000) { $0.durations.observe(microseconds: 7) }
        keeper.run()
        #expect(!notes.isEmpty, "it is young, and a turn is about to tell it")
        notes.tell()

        notes.add(at: SteadyClock.now - Notes.longest) { $0.durations.observe(microseconds: 7) }
        keeper.run()
        #expect(notes.isEmpty)
    }

    @Test func tellsWhatManyRoundsHaveToSay() throws {
        let pending = PendingCounters()
        let notes = NoteKeeper(pending)
        for round in 0..<3 { notes.add(at: Int64(round)) { $0.counts.add(.ingestCount, "stripe", "acme", "duplicate") } }
        notes.tellDue(at: Notes.longest - 1)
        #expect(!notes.isEmpty && pending.isEmpty)
        notes.tellDue(at: Notes.longest)
        var expected = Counters()
        expected.add(.ingestCount, "stripe", "acme", "duplicate", by: 3)
        #expect(notes.isEmpty && pending.takeAll() == expected)
    }
}
