import Testing

@testable import Common

@Suite struct OutageTests {
    private static let noon = Timestamp(milliseconds: 1_764_000_000_000)

    /// Seconds from noon at which the pulse was taken, and which outage that tells of.
    @Test(
        arguments: [
            ("the first", [Int64(0)], nil), ("each minute", [0, 60, 120, 180], nil), ("five minutes", [0, 300], nil),
            ("longer", [0, 301], (0, 301)), ("the last of two", [0, 60, 3660, 3720, 10_000], (3720, 10_000)),
            ("a clock that went back", [7200, 0, 60], nil), ("and forward again", [7200, 0, 7200], (0, 7200)),
        ] as [(String, [Int64], (Int64, Int64)?)])
    func isWhereThePulseStoodStill(_ name: String, at beats: [Int64], is span: (Int64, Int64)?) throws {
        let store = try ScratchStore().store
        var last: Timestamp?
        for beat in beats {
            let now = Self.noon + .seconds(beat)
            try store.beat(now: now, since: last)
            last = now
        }
        #expect(try store.lastPulse() == last)
        let expected = span.map { Outage(began: Self.noon + .seconds($0.0), ended: Self.noon + .seconds($0.1)) }
        #expect(try store.lastOutage() == expected, "\(name)")
    }

    /// A monitor that asks is often the first who is answered behind an outage.
    @Test func whoAsksForOurHealthHidesNone() throws {
        let store = try ScratchStore().store
        try store.beat(now: Self.noon, since: nil)
        let last = try store.lastPulse()
        try EventWriter(store: store).pulse(now: Self.noon + .seconds(1800))
        try store.beat(now: Self.noon + .seconds(1801), since: last)
        #expect(try store.lastOutage() == Outage(began: Self.noon, ended: Self.noon + .seconds(1801)))
    }

    @Test func noMoreThanAHundredAreKept() throws {
        let store = try ScratchStore().store
        for hour in 0..<130 {
            let now = Self.noon + .seconds(Int64(hour) * 3600)
            try store.beat(now: now, since: now + .seconds(-3600))
        }
        #expect(try store.number("SELECT count(*) FROM outage") == 100)
        #expect(try store.lastOutage()?.ended == Self.noon + .seconds(129 * 3600))
    }
}
