import Testing

@testable import Common

@Suite struct ReconciliationTests {
    /// Up to when was compared, by runs one after another: (what it reached, when it ran), and what stands then.
    @Test(arguments: [
        ("forwards", [(1000, 1900), (2000, 2900)], 2000), ("a run from further back", [(2000, 2900), (1500, 3000)], 2000),
        ("a clock that was ahead", [(90_000, 90_900), (2000, 2900)], 2000),
        ("and on from there", [(90_000, 90_900), (2000, 2900), (3000, 3900)], 3000),
    ])
    func throughFollowsTheClock(_ name: String, runs: [(Int64, Int64)], expected: Int64) throws {
        let store = try ScratchStore().store
        for (through, now) in runs {
            try store.noteReconciliation(
                tenant: "acme", source: "stripe", through: Timestamp(milliseconds: through), listed: 0, missing: 0, error: nil,
                now: Timestamp(milliseconds: now))
        }
        #expect(try store.reconciliations().map(\.through.milliseconds) == [expected], "\(name)")
    }
}
