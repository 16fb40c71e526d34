import Foundation
import GRDB
import Testing

@testable import Common

/// A store that the first release wrote, opened by this one.
@Suite struct FirstReleaseTests {
    private let scratch: Scratch
    private let store: Store

    init() throws {
        scratch = try Scratch()
        let stored = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "Stores/first-release.db")
        try FileManager.default.copyItem(atPath: stored.path, toPath: scratch.file("store.db"))
        store = try Store(path: scratch.file("store.db"))
    }

    @Test func isOfTheFirstSchema() throws {
        let stored = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "Stores/first-release.db")
        try FileManager.default.copyItem(atPath: stored.path, toPath: scratch.file("untouched.db"))
        let names = try DatabaseQueue(path: scratch.file("untouched.db")).read {
            try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations")
        }
        #expect(names == ["1 events, jobs, nonces"])
    }

    @Test func isWholeAndOfTodaysSchema() throws {
        #expect(try store.texts("PRAGMA integrity_check") == ["ok"])
        #expect(try store.texts("PRAGMA foreign_key_check").isEmpty)
        let fresh = try ScratchStore().store
        let schema = "SELECT name || ' ' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
        #expect(try store.texts(schema) == fresh.texts(schema))
    }

    @Test(
        arguments: [
            ("evt_processed_1", "processed", "done"), ("evt_processed_2", "processed", "done"), ("evt_failed_1", "failed", "dead"),
            ("evt_failed_2", "failed", "dead"), ("evt_again", "queued", "waiting"), ("evt_leased", "queued", "waiting"),
            ("evt_kept", "received", nil), ("evt_discarded", "discarded", "discarded"),
        ] as [(String, String, String?)])
    func findsTheEvent(_ id: String, status: String, job: String?) throws {
        let event = try #require(try EventQueries(store: store).find(id).first)
        #expect(event.summary.status == status && event.job?.status == job)
        #expect(event.signatureValid && text(event.rawBody).contains(id))
    }

    @Test func findsTheOtherTenantsAndTheNonce() throws {
        #expect(try EventQueries(store: store).find("stripe:club:evt_queued").first?.summary.tenant == "club")
        #expect(try EventQueries(store: store).find("d-1").first?.summary.source == "github")
        #expect(try store.number("SELECT count(*) FROM nonce") == 1)
    }

    @Test func countsAsBefore() throws {
        let counts = try EventQueries(store: store).counts()
        let expected: [EventStatus: Int] = [.received: 2, .queued: 3, .processed: 2, .failed: 2, .discarded: 1]
        for (status, events) in expected { #expect(counts.total(status) == events, "\(status)") }
        #expect(try EventQueries(store: store).list(EventFilter(), limit: 100).events.count == 10)
    }

    @Test func goesOnWithTheWork() throws {
        let now = Timestamp(milliseconds: 1_764_000_000_000) + .seconds(3600)
        let queue = JobQueue(store: store)
        for what in ["the one to be tried again", "the one whose worker is gone"] {
            let lease = "of \(what)"
            let pushes = try queue.claim(tenant: "shop", limits: .init(items: 100), lease: lease, until: now + .seconds(45), now: now)
            #expect(pushes.count == 1, "\(what)")
            _ = try queue.settle(pushes.map { ($0, .done(httpStatus: 200)) }, lease: lease, now: now)
        }
        #expect(try EventQueries(store: store).counts().total(.processed) == 4)
        #expect(try DeadLetters(store: store).list(.init(), limit: 10).count == 2)
        #expect(try EventWriter(store: store).commit([[.sample("evt_new")]], now: now)[0][0].isNew)
        #expect(
            try !EventWriter(store: store).commit([[.sample("evt_kept", tenant: "shop")]], now: now)[0][0].isNew, "its key is taken still")
    }
}
