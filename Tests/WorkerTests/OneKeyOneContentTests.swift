import GRDB
import Testing

@testable import Common

/// What went to WordPress under one key goes under it again whole, or not at all: what came second under a key would be taken for a repeat.
@Suite struct OneKeyOneContentTests {
    private let fixture: StoreFixture
    private let ids: [String]
    private let sequences: [Int64]
    private var letters: DeadLetters { DeadLetters(store: fixture.store) }
    private var replays: Replays { Replays(store: fixture.store) }

    /// Three events that fold into one push.
    init() throws {
        fixture = try StoreFixture()
        ids = try fixture.put(3, lane: "stripe:anna")
        sequences = try ids.map { try #require(EventID($0)).sequence }
    }

    private func later() -> Timestamp { fixture.now + .seconds(9) }

    private func die() throws { try fixture.settle(try fixture.claim("first"), .dead(failure), lease: "first") }

    @Test func whatIsGivenUpIsGivenUpTogether() throws {
        try die()
        #expect(try letters.wholePushes(of: [sequences[1]]) == sequences)
        #expect(try letters.discard([sequences[1]], reason: nil, now: fixture.now) == 3)
        #expect(try letters.retry(sequences, now: fixture.now) == 0)
        #expect(try fixture.tally() == ["discarded": 3])
        #expect(try replays.plan(sequences[1]) == .go(sequences))
    }

    @Test func whatIsRetriedIsRetriedTogether() throws {
        let key = Coalescing.key(of: ids)
        try die()
        try fixture.put(lane: "stripe:anna")
        #expect(try letters.retry([sequences[2]], now: fixture.now) == 3)
        let push = try #require(try fixture.claim("second").first)
        #expect(push.ids == ids && push.key == key && push.wasSent)
    }

    /// As an older release may have left them.
    @Test(arguments: [("done", Replays.Plan.groupIsGone), ("dead", .notOver("dead")), ("waiting", .notOver("waiting"))])
    func whatEndedApartIsNotReplayedUnderTheKeyOfAll(_ other: String, _ plan: Replays.Plan) throws {
        try die()
        _ = try letters.discard(sequences, reason: nil, now: fixture.now)
        try fixture.store.write {
            try $0.execute(
                sql: "UPDATE job_execution SET status = ?, finished_at = ? WHERE event_seq = ?",
                arguments: [other, other == "waiting" ? nil : 1, sequences[0]])
        }
        #expect(try replays.plan(sequences[1]) == plan)
    }

    @Test func whatRetentionHasEmptiedIsNotReplayed() throws {
        try fixture.settle(try fixture.claim("first"), .done(httpStatus: 200), lease: "first")
        #expect(try replays.plan(sequences[1]) == .go(sequences))
        try fixture.store.write { try $0.execute(sql: "UPDATE webhook_event SET raw_body = x'' WHERE seq = ?", arguments: [sequences[0]]) }
        #expect(try replays.plan(sequences[1]) == .payloadIsGone)
    }

    /// The rest goes each for itself: under the key of all it would be another content.
    @Test(arguments: [
        "UPDATE webhook_event SET raw_body = x'' WHERE seq = ?",
        "DELETE FROM webhook_event WHERE seq = ?; UPDATE event_tally SET events = events - 1 WHERE status = 'failed'",
    ])
    func whatRetentionHasTakenFromIsRetriedApart(_ sql: String) throws {
        try die()
        try fixture.store.write { try $0.execute(sql: sql, arguments: [sequences[0]]) }
        let isEmptied = sql.hasPrefix("UPDATE")
        #expect(try letters.emptied(sequences) == (isEmptied ? 1 : 0))
        #expect(try letters.pushable(sequences) == (isEmptied ? Array(sequences.dropFirst()) : sequences))
        #expect(try letters.retry(sequences, now: fixture.now) == 2)
        #expect(try fixture.tally() == (isEmptied ? ["failed": 1, "queued": 2] : ["queued": 2]))
        for id in ids.dropFirst() {
            let pushes = try fixture.claim(id)
            #expect(pushes.map(\.ids) == [[id]] && pushes.map(\.key) == [id])
            try fixture.settle(pushes, .done(httpStatus: 200), lease: id)
        }
        #expect(try fixture.claim("last").isEmpty)
    }

    /// The first event of a push that nobody heard of again is gone: the others wait their time, and their tries are counted.
    @Test func aPushWithoutItsFirstEventIsTriedAsOften() throws {
        _ = try fixture.claim("first")
        try fixture.store.write {
            try $0.execute(sql: "DELETE FROM lane_job WHERE event_seq = ?", arguments: [sequences[0]])
        }
        for tries in 0..<3 {
            fixture.now = fixture.now + .seconds(45)
            let again = try fixture.claim("try \(tries)")
            #expect(again.map(\.ids) == [Array(ids.dropFirst())] && again.map(\.attempts) == [tries])
            try fixture.settle(again, .retry(at: later(), countsTry: true, failure: failure), lease: "try \(tries)")
            #expect(try fixture.claim().isEmpty)
        }
    }

    /// Ended by somebody else while it was under way: it does not come again for ever, its tries never counted.
    @Test func whatHasEndedOtherwiseLeavesItsLane() throws {
        let push = try fixture.claim("first")
        try fixture.store.write {
            try $0.execute(
                sql: """
                    UPDATE job_execution SET status = 'done', finished_at = 1 WHERE event_seq = ?;
                    UPDATE webhook_event SET status = 'processed' WHERE seq = ?
                    """, arguments: [sequences[0], sequences[0]])
        }
        try fixture.settle(push, .retry(at: fixture.now, countsTry: true, failure: failure), lease: "first")
        #expect(
            try fixture.job(ids[0])
                == .init(status: "done", attempts: 0, due: 0, lease: nil, key: nil, cause: nil, finished: 1 - monday.milliseconds))
        #expect(try fixture.event(ids[0]) == ("processed", 0, nil))
        #expect(try fixture.claim("second").map(\.ids) == [Array(ids.dropFirst())])
    }

    /// The cutover was edited while a push was tried again: WordPress may have it.
    @Test func whatWasSentBeforeItWasMirroredIsReleasedWhole() throws {
        var queue = fixture.queue
        try fixture.settle(try fixture.claim("first"), .retry(at: fixture.now, countsTry: true, failure: failure), lease: "first")
        queue.cutovers = ["acme": Cutover(rules: [Cutover.Rule(pattern: "*/*", mode: .mirror)])]
        let again = try queue.claim(
            tenant: "acme", limits: .init(items: 9), lease: "second", until: later(), now: fixture.now)
        #expect(again.map(\.mode) == [.mirror] && again[0].wasSent)
        try fixture.settle(again, .kept(.mirror, payload: nil), lease: "second")
        let mirrored = EventQueries(store: fixture.store).mirrored
        #expect(try mirrored.release([sequences[1]], now: fixture.now) == 3)
        #expect(try fixture.tally() == ["queued": 3])
        let push = try #require(try fixture.claim("third").first)
        #expect(push.ids == ids && push.key == again[0].key)
    }

    /// Nothing was sent: what is released alone goes alone, and the rest is another push.
    @Test func whatWasOnlyMirroredIsFoldedAnew() throws {
        var queue = fixture.queue
        queue.cutovers = ["acme": Cutover(rules: [Cutover.Rule(pattern: "*/*", mode: .mirror)])]
        func claim(_ lease: String) throws -> [ClaimedPush] {
            try queue.claim(tenant: "acme", limits: .init(items: 9), lease: lease, until: later(), now: fixture.now)
        }
        // A worker that dies here has sent nothing.
        #expect(try claim("first").map(\.ids) == [ids])
        let late = try fixture.put(lane: "stripe:anna")
        fixture.now = later()
        let push = try claim("second")
        #expect(push.map(\.ids) == [ids + [late]] && !push[0].wasSent)
        try fixture.settle(push, .kept(.mirror, payload: nil), lease: "second")
        #expect(try replays.plan(sequences[0]) == .isMirrored)
        let mirrored = EventQueries(store: fixture.store).mirrored
        #expect(try mirrored.release([sequences[1]], now: fixture.now) == 1)
        #expect(try fixture.claim("third").map(\.key) == [ids[1]])
    }
}

/// Deaths are the push's, not the lane's.
@Suite struct AcquittalTests {
    @Test func whatComesToStandFirstHasKilledNobody() throws {
        let fixture = try StoreFixture()
        let dead = try fixture.put(lane: "stripe:anna", type: "customer.deleted")
        try fixture.settle(try fixture.claim("one"), .dead(failure), lease: "one")
        let deadly = try fixture.put(lane: "stripe:anna")
        for lease in ["two", "three", "and again"] {
            #expect(try fixture.claim(lease).map(\.ids) == [[deadly]])
            fixture.now = fixture.now + .seconds(45)
        }
        let third = try fixture.queue.claimSuspect(tenant: "acme", lease: "four", until: fixture.now + .seconds(45), now: fixture.now)
        #expect(third?.lost == 3)
        fixture.now = fixture.now + .seconds(45)
        let letters = DeadLetters(store: fixture.store)
        #expect(try letters.retry(letters.sequences(.init()), now: fixture.now) == 1)
        // The one that stands first now is no suspect, and would be buried with the next.
        let revived = try fixture.claim("five")
        #expect(revived.map(\.ids) == [[dead]] && revived.map(\.lost) == [1])
    }

    @Test func whatComesToStandBehindChangesNothing() throws {
        let fixture = try StoreFixture()
        let deadly = try fixture.put(lane: "stripe:anna", type: "customer.deleted")
        _ = try fixture.claim("one")
        fixture.now = fixture.now + .seconds(45)
        _ = try fixture.claim("two")
        fixture.now = fixture.now + .seconds(45)
        #expect(try fixture.claim("three").map(\.lost) == [2])
        let behind = try fixture.put(lane: "stripe:anna", type: "invoice.paid", route: .orderEvent)
        while try fixture.queue.lineUp() {}
        try fixture.store.write {
            let sequence = try #require(EventID(behind)).sequence
            try Lane.rejoin(sequence, due: fixture.now, $0)
        }
        fixture.now = fixture.now + .seconds(45)
        let push = try fixture.queue.claimSuspect(tenant: "acme", lease: "four", until: fixture.now + .seconds(45), now: fixture.now)
        #expect(push?.ids == [deadly] && push?.lost == 3)
    }
}

/// Nothing comes in below what is lined up, or nobody would ever push it.
@Suite struct SequenceFloorTests {
    @Test func anEventIsPushedAlsoWhereTheNewestWasRemovedAndTheClockWentBack() throws {
        let fixture = try StoreFixture()
        let first = try fixture.put(lane: "stripe:anna")
        try fixture.settle(try fixture.claim("one"), .done(httpStatus: 200), lease: "one")
        try fixture.store.write { try $0.execute(sql: "DELETE FROM webhook_event WHERE id = ?", arguments: [first]) }
        fixture.now = fixture.now + .seconds(-3600)
        let second = try fixture.put(lane: "stripe:anna")
        #expect(try fixture.claim("two").map(\.ids) == [[second]])
    }
}
