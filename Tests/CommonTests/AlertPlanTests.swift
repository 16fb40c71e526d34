import Testing

@testable import Common

private let t0 = Timestamp(milliseconds: 1_764_000_000_000)
private let hour: Duration = .seconds(3600)

private func condition(_ kind: AlertKind = .deadLetters, _ subject: String = "shop/dns", count: Int = 1, newest: Int64? = 0)
    -> AlertCondition
{
    AlertCondition(
        key: AlertKey(kind, subject), since: t0, count: count, newest: newest.map { t0 + .seconds($0) }, what: "what", fix: "fix",
        next: "next")
}

@Suite struct AlertPlanTests {
    /// Seconds after `t0` of the last notice, what it said, how things are, and what is to be said `after` seconds.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var kind = AlertKind.deadLetters
        var told: Alert.State?
        var toldAt: Int64 = 0
        var toldCount = 1
        var toldNewest: Int64? = 0
        var state = Alert.State.open
        var count = 1
        var newest: Int64? = 0
        var after: Int64
        var expected: AlertNotice.Reason?
        var testDescription: String { name }
    }

    @Test(arguments: [
        Case(name: "new", told: nil, after: 0, expected: .opened),
        Case(name: "over before anybody heard of it", told: nil, state: .resolved, after: 9, expected: nil),
        Case(name: "told, nothing new", told: .open, after: 7200, expected: nil),
        Case(name: "more, too soon", told: .open, count: 5, newest: 9, after: 3599, expected: nil),
        Case(name: "more, an hour later", told: .open, count: 5, newest: 9, after: 3600, expected: .more),
        Case(name: "fewer than told, but newer ones", told: .open, toldCount: 9, count: 2, newest: 9, after: 3600, expected: .more),
        Case(name: "fewer than told", told: .open, toldCount: 9, count: 2, after: 3600, expected: nil),
        Case(name: "more, and the clock is back", told: .open, toldNewest: 9999, count: 2, newest: -9999, after: -7200, expected: .more),
        Case(name: "nothing new, and the clock is back", told: .open, toldNewest: 9999, newest: -9999, after: -7200, expected: .reminder),
        Case(name: "a day", told: .open, after: 86_400, expected: .reminder),
        Case(name: "less than a day", told: .open, after: 86_399, expected: nil),
        Case(name: "a state has no news", kind: .lowDisk, told: .open, toldNewest: nil, count: 9, newest: nil, after: 3600, expected: nil),
        Case(name: "old secrets are named weekly", kind: .oldSecret, told: .open, newest: nil, after: 86_400 * 6, expected: nil),
        Case(name: "a week", kind: .oldSecret, told: .open, newest: nil, after: 86_400 * 7, expected: .reminder),
        Case(name: "over at once", told: .open, state: .resolved, after: 1, expected: .recovered),
        Case(name: "over, told", told: .resolved, state: .resolved, after: 86_400, expected: nil),
        Case(name: "again, too soon", told: .resolved, newest: 9, after: 3599, expected: nil),
        Case(name: "again, an hour later", told: .resolved, newest: 9, after: 3600, expected: .opened),
    ])
    func says(_ example: Case) {
        let alert = Alert(
            state: example.state, condition: condition(example.kind, count: example.count, newest: example.newest), lastAt: t0)
        let told = example.told.map {
            AlertTold(
                state: $0, at: t0 + .seconds(example.toldAt), count: example.toldCount, newest: example.toldNewest.map { t0 + .seconds($0) }
            )
        }
        let notices = AlertPlan.notices(
            of: [alert], told: told.map { [alert.key: $0] } ?? [:], debounce: hour, now: t0 + .seconds(example.after))
        #expect(notices.map(\.reason) == [example.expected].compactMap { $0 })
        #expect(notices.first?.countBefore == (example.expected == nil ? nil : told?.count))
    }

    @Test func opensKeepsAndResolves() {
        let opened = AlertPlan.update([], with: [condition(), condition(.lowDisk, "store")], now: t0 + .seconds(5))
        #expect(opened.map(\.key.kind) == [.deadLetters, .lowDisk] && opened.allSatisfy { $0.state == .open })
        var worse = condition(count: 7)
        worse.since = t0 + .seconds(4)
        let kept = AlertPlan.update(opened, with: [worse], now: t0 + .seconds(65))
        #expect(kept.map(\.state) == [.open, .resolved])
        #expect(kept[0].condition.count == 7 && kept[0].condition.since == t0, "since when it holds does not move on")
        #expect(kept[1].lastAt == t0 + .seconds(65))
        #expect(AlertPlan.update(kept, with: [], now: t0 + .seconds(99)).map(\.key.kind) == [.deadLetters], "over is over once")
        let again = AlertPlan.update([kept[1]], with: [condition(.lowDisk, "store", newest: nil)], now: t0 + .seconds(200))
        #expect(again.map(\.state) == [.open])
    }

    @Test func nothingBeginsInTheFuture() {
        let now = t0 + .seconds(-100)
        #expect(AlertPlan.update([], with: [condition()], now: now)[0].condition.since == now)
    }

    @Test(arguments: [(1, 60), (2, 120), (3, 240), (6, 1920), (7, 3600), (1000, 3600)])
    func backsOff(_ tries: Int, seconds: Int) { #expect(AlertBackoff.delay(after: tries) == .seconds(seconds)) }

    @Test func aWaitThatTheClockMadeTooLongIsOver() {
        #expect(AlertBackoff.isDue(t0, now: t0) && !AlertBackoff.isDue(t0 + .seconds(1), now: t0))
        #expect(!AlertBackoff.isDue(t0 + hour, now: t0) && AlertBackoff.isDue(t0 + hour + .milliseconds(1), now: t0))
    }
}
