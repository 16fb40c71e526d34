import Testing

@testable import Common

/// Ids rise with arrival, whatever the clocks and the processes do.
@Suite struct EventOrderTests {
    private func sequences(_ store: Store) throws -> [Int64] {
        try store.texts("SELECT id FROM webhook_event ORDER BY CAST(substr(idempotency_key, 13) AS INTEGER)").map {
            try #require(EventID($0)).sequence
        }
    }

    @Test(
        arguments: [
            ("the clock stands", [5000, 5000, 5000]), ("goes back", [5000, 4000, 1, 0, 5001]), ("is before 1970", [-1, -2, .min]),
            ("leaps", [1, 1 << 46, 2]),
            ("is beyond all bounds", [.max, 1, .max]),
        ] as [(String, [Int64])])
    func risesWithinOneStore(_ name: String, clock: [Int64]) throws {
        let scratch = try ScratchStore()
        for (number, now) in clock.enumerated() {
            #expect(try scratch.put(.sample("\(2 * number)"), .sample("\(2 * number + 1)"), at: now).allSatisfy(\.isNew))
        }
        let given = try sequences(scratch.store)
        #expect(given.count == clock.count * 2)
        #expect(zip(given, given.dropFirst()).allSatisfy { $0 < $1 }, "\(name): \(given)")
    }

    @Test func risesBetweenProcesses() throws {
        let scratch = try ScratchStore()
        let writers = [scratch.writer, EventWriter(store: try Store(path: scratch.store.path))]
        for number in 0..<40 {
            // The second one's clock is a minute behind.
            let now = Timestamp(milliseconds: 1_000_000 + Int64(number) - (number % 2 == 0 ? 0 : 60_000))
            #expect(try writers[number % 2].commit([[.sample("\(number)")]], now: now)[0][0].isNew)
        }
        let given = try sequences(scratch.store)
        #expect(given.count == 40)
        #expect(zip(given, given.dropFirst()).allSatisfy { $0 < $1 })
    }

    /// Two writers at once, each with half of what the other has: nothing is stored twice, nothing is lost.
    @Test func writersTakeTurns() async throws {
        let scratch = try ScratchStore()
        let path = scratch.store.path
        let stored = try await withThrowingTaskGroup(of: Int.self) { group in
            for offset in [0, 25] {
                group.addTask {
                    let writer = EventWriter(store: try Store(path: path))
                    return try (offset..<offset + 50).reduce(0) { count, number in
                        count + (try writer.commit([[.sample("\(number)")]], now: Timestamp(milliseconds: 9))[0][0].isNew ? 1 : 0)
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(stored == 75)
        #expect(try scratch.store.number("SELECT count(DISTINCT idempotency_key) FROM webhook_event") == 75)
        #expect(try scratch.store.number("SELECT events FROM event_count") == 75)
    }
}
