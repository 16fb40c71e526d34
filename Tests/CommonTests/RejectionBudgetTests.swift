import Testing

@testable import Common

@Suite struct RejectionBudgetTests {
    private static func limits(_ change: (inout Settings.Rejected) -> Void = { _ in }) -> Settings.Rejected {
        var limits = Settings.Rejected()
        limits.perMinute = 4
        limits.bytes = 16_000
        change(&limits)
        return limits
    }

    private struct Request {
        var source: SourceName = "stripe"
        var address: String?
        var bytes = 10
        var at: Int64 = 0
    }

    /// What is taken of requests that come one after another: of those kept how many were missed before, of others nil.
    private func taken(_ requests: [Request], _ limits: Settings.Rejected = limits()) -> [Int?] {
        var budget = RejectionBudget(limits)
        return requests.map {
            budget.take($0.source, address: $0.address, bytes: $0.bytes, now: Timestamp(milliseconds: $0.at * 1000))
        }
    }

    @Test func theFirstOfAMinuteAreKept() {
        let sixth = (0..<6).map { Request(address: "a\($0)", at: 10 + $0) }
        #expect(taken(sixth + [Request(address: "b", at: 60)]) == [0, 0, 0, 0, nil, nil, 2])
    }

    @Test func aMinuteEndsWithItsSixtiethSecond() {
        let full = (0..<4).map { Request(address: "a\($0)", at: 59) }
        #expect(taken(full + [Request(at: 59), Request(at: 60)]) == [0, 0, 0, 0, nil, 1])
    }

    /// A clock that is set back begins a minute, and so does one that is set forward.
    @Test func theClockMayGoBack() {
        let full = (0..<4).map { Request(address: "a\($0)", at: 600) }
        #expect(taken(full + [Request(at: 600), Request(at: 60), Request(at: -60)]) == [0, 0, 0, 0, nil, 1, 0])
    }

    @Test func sourcesHaveTheirOwn() {
        let flood = (0..<100).map { Request(address: "a\($0)") }
        #expect(taken(flood + [Request(source: "github")]).last == .some(0))
        #expect(taken(flood).compactMap { $0 }.count == 4)
    }

    @Test(arguments: [(1, 1), (2, 1), (3, 2), (4, 2), (30, 15), (1000, 500)])
    func oneAddressLeavesRoomForOthers(_ perMinute: Int, most: Int) {
        let limits = Self.limits {
            $0.perMinute = perMinute
            $0.bytes = 1 << 30
        }
        #expect(taken((0..<1100).map { _ in Request(address: "a") }, limits).compactMap { $0 }.count == most)
        #expect(taken((0..<1100).map { _ in Request() }, limits).compactMap { $0 }.count == most, "nor do those without one")
        let other = taken((0..<1100).map { _ in Request(address: "a") } + [Request(address: "b")], limits).last
        #expect(other == (perMinute == 1 ? .some(nil) : .some(1100 - most)))
    }

    /// A sixteenth of the bytes in all.
    @Test(arguments: [([1000], [true]), ([1001], [false]), ([999, 1], [true, true]), ([999, 2, 1], [true, false, true]), ([0], [true])])
    func aMinutesBytes(_ sizes: [Int], expected: [Bool]) {
        #expect(taken(sizes.enumerated().map { Request(address: "a\($0)", bytes: $1) }).map { $0 != nil } == expected)
    }

    @Test func keepNoneKeepsNone() { #expect(taken([Request(), Request(at: 60)], Self.limits { $0.keep = 0 }) == [nil, nil]) }

    @Test func whatCouldNotBeStoredIsToldLater() {
        var budget = RejectionBudget(Self.limits())
        budget.miss("stripe")
        #expect(budget.take("stripe", address: nil, bytes: 1, now: Timestamp(milliseconds: 0)) == 1)
        budget.miss("stripe", 2)
        #expect(budget.take("stripe", address: nil, bytes: 1, now: Timestamp(milliseconds: 0)) == 2)
        #expect(budget.take("github", address: nil, bytes: 1, now: Timestamp(milliseconds: 0)) == 0)
    }
}

@Suite struct EvictionPlanTests {
    private func minutes(_ rows: [(String, Int64, Int)]) -> [EvictionPlan.Minute] {
        rows.map { EvictionPlan.Minute(source: $0, number: $1, rows: $2, bytes: $2 * 100) }
    }

    @Test(
        arguments: [
            ("nothing", [("a", 1, 5)], 0, 0, []),
            ("the largest source", [("a", 1, 5), ("b", 1, 6)], 1, 0, [("b", 1, 1)]),
            ("its fullest minute", [("a", 1, 2), ("a", 2, 4), ("a", 3, 1), ("b", 1, 6)], 1, 0, [("a", 2, 1)]),
            ("of equal ones the older", [("a", 1, 3), ("a", 2, 3)], 1, 0, [("a", 1, 1)]),
            ("then the next", [("a", 1, 3), ("a", 2, 3)], 3, 0, [("a", 1, 2), ("a", 2, 1)]),
            ("quiet minutes stay", [("a", 1, 1), ("a", 2, 30), ("a", 3, 30)], 40, 0, [("a", 2, 20), ("a", 3, 20)]),
            ("until the sources are even", [("a", 1, 3), ("b", 1, 5)], 4, 0, [("b", 1, 3), ("a", 1, 1)]),
            ("by bytes", [("a", 1, 2), ("b", 1, 5)], 0, 150, [("b", 1, 2)]),
            ("more than there is", [("a", 1, 2)], 9, 9999, [("a", 1, 2)]),
            ("from none", [], 3, 0, []),
        ] as [(String, [(String, Int64, Int)], Int, Int, [(String, Int64, Int)])])
    func whoGives(_ name: String, kept: [(String, Int64, Int)], rows: Int, bytes: Int, expected: [(String, Int64, Int)]) {
        let plan = EvictionPlan(minutes(kept), rows: rows, bytes: bytes, limit: 64)
        #expect(plan.steps == expected.map { EvictionPlan.Step(source: $0, minute: $1, rows: $2) }, "\(name)")
    }

    @Test func stepsAreSmall() {
        let plan = EvictionPlan(minutes([("a", 1, 500)]), rows: 300, bytes: 0, limit: 64)
        #expect(plan.steps == [EvictionPlan.Step(source: "a", minute: 1, rows: 64)])
    }
}
