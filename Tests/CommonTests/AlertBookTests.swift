import Testing

@testable import Common

private let t0 = Timestamp(milliseconds: 1_764_000_000_000)

@Suite struct AlertBookTests {
    private let scratch: ScratchStore
    private var book: AlertBook { AlertBook(store: scratch.store) }

    init() throws { scratch = try ScratchStore() }

    private func alert(_ subject: String = "shop/dns", _ state: Alert.State = .open, at moment: Timestamp = t0) -> Alert {
        let condition = AlertCondition(
            key: AlertKey(.deadLetters, subject), since: t0, count: 3, newest: t0, what: "w", fix: "f", next: "n", example: "e")
        return Alert(state: state, condition: condition, lastAt: moment)
    }

    @Test func oneLooksAMinute() throws {
        #expect(try book.isTimeToLook(now: t0))
        #expect(try !book.isTimeToLook(now: t0))
        #expect(try !book.isTimeToLook(now: t0 + .milliseconds(59_999)))
        #expect(try book.isTimeToLook(now: t0 + .seconds(60)))
        #expect(try book.isTimeToLook(now: t0 + .seconds(-3600)), "the clock went back")
        #expect(try !book.isTimeToLook(now: t0 + .seconds(-3599)))
    }

    @Test func keepsWhatItWasGiven() throws {
        try book.write([alert(), alert("club/tls", .resolved)], now: t0)
        #expect(try book.all() == [alert(), alert("club/tls", .resolved)])
        try book.write([alert("shop/dns", .resolved, at: t0 + .seconds(9))], now: t0)
        #expect(try book.all().map(\.state) == [.resolved, .resolved])
    }

    @Test func forgetsWhatIsOverForThirtyDays() throws {
        try book.write([alert("a", .resolved), alert("b")], now: t0)
        try book.arrived([AlertNotice(reason: .recovered, alert: alert("a", .resolved), countBefore: 1)], by: .slack, now: t0)
        try book.write([alert("c")], now: t0 + .seconds(30 * 86_400))
        #expect(try book.all().map(\.key.subject) == ["b", "c", "a"])
        try book.write([alert("c")], now: t0 + .seconds(30 * 86_400 + 1))
        #expect(try book.all().map(\.key.subject) == ["b", "c"])
        #expect(try book.told(.slack).isEmpty)
    }

    @Test func aChannelThatFailsHearsItLater() throws {
        try book.write([alert()], now: t0)
        try book.failed(.slack, nil, error: "no", now: t0)
        try book.failed(.slack, book.channels()[.slack], error: String(repeating: "x", count: 999), now: t0 + .seconds(60))
        let failing = try #require(try book.channels()[.slack])
        #expect(failing.tries == 2 && failing.dueAt == t0 + .seconds(180) && failing.error?.count == 300 && failing.sentAt == nil)
        #expect(try book.told(.slack).isEmpty)

        let notice = AlertNotice(reason: .opened, alert: alert(), countBefore: nil)
        try book.arrived([notice], by: .slack, now: t0 + .seconds(200))
        let well = try #require(try book.channels()[.slack])
        #expect(well.tries == 0 && well.error == nil && well.sentAt == t0 + .seconds(200))
        #expect(try book.told(.slack) == [notice.alert.key: AlertTold(state: .open, at: t0 + .seconds(200), count: 3, newest: t0)])
        #expect(try book.told(.email).isEmpty, "each channel hears for itself")
    }
}
