import Foundation
import GRDB
import Testing

@testable import Common

@Suite struct VacuumTests {
    @Test func givesBackRoomALittleAtATime() throws {
        let scratch = try ScratchStore()
        let body = Bytes(repeating: 0x20, count: 4000)
        for number in 0..<300 { _ = try scratch.put(.sample("evt_\(number)", route: .keep, body: body)) }
        let vacuum = Vacuum(store: scratch.store)
        #expect(try vacuum.room().isIncremental)
        let before = try vacuum.room().pages
        #expect(try vacuum.someSteps(1) == false, "nothing is free")
        let rule = Purge.Rule(olderThan: .zero, statuses: [.received])
        let later = Timestamp(milliseconds: 1000) + .seconds(40 * 86_400)
        #expect(try Purge(store: scratch.store).all(rule, dryRun: false, now: later).removed == 300)
        #expect(try vacuum.room().free > 200)
        #expect(try vacuum.someSteps(1) && vacuum.someSteps(99) == false)
        #expect(try vacuum.room().free == 0 && vacuum.room().pages < before / 2)
        scratch.store.emptyTheLog()
        let size = try #require(try FileManager.default.attributesOfItem(atPath: scratch.store.path)[.size] as? NSNumber)
        #expect(size.intValue == (try vacuum.room().pages) * (try vacuum.room().pageSize))
    }

    /// A store of the first release has no list of pages; it is rebuilt once.
    @Test func rebuildsAnOldStore() throws {
        let scratch = try Scratch()
        let stored = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "Stores/first-release.db")
        try FileManager.default.copyItem(atPath: stored.path, toPath: scratch.file("store.db"))
        let store = try Store(path: scratch.file("store.db"))
        let vacuum = Vacuum(store: store)
        #expect(try !vacuum.room().isIncremental)
        let events = try store.number("SELECT count(*) FROM webhook_event")
        try vacuum.rebuild()
        #expect(try vacuum.room().isIncremental && store.number("SELECT count(*) FROM webhook_event") == events)
        #expect(try store.texts("PRAGMA integrity_check") == ["ok"])
        #expect(try store.texts("PRAGMA journal_mode") == ["wal"])
    }
}
