import Common
import Testing

@testable import CronWorker

@Suite struct FailureLogTests {
    private static let noon = Timestamp(milliseconds: 1_764_000_000_000)

    private static func retry(_ cause: String) -> Verdict {
        .retry(at: noon, countsTry: true, failure: PushFailure(cause: cause, text: "no"))
    }

    private static func texts(_ lines: [LogLine]) -> [String] { lines.map { String(decoding: $0.json, as: UTF8.self) } }

    @Test func writesTheFirstOfEachMinuteAndCountsTheOthers() {
        var log = FailureLog()
        _ = log.leftOut(at: Self.noon)
        #expect(log.room(for: Self.retry("connect"), tenant: "shop", events: 20) == 20)
        #expect(log.room(for: Self.retry("connect"), tenant: "shop", events: 20) == 10)
        #expect(log.room(for: Self.retry("connect"), tenant: "shop", events: 5) == 0)
        #expect(log.room(for: Self.retry("timeout"), tenant: "shop", events: 5) == 5, "another cause")
        #expect(log.room(for: Self.retry("connect"), tenant: "club", events: 5) == 5, "another tenant")
        #expect(log.room(for: .dead(PushFailure(cause: "connect", text: "no")), tenant: "shop", events: 5) == 5, "another outcome")
        #expect(log.leftOut(at: Self.noon + .seconds(1)).isEmpty)
        let lines = Self.texts(log.leftOut(at: Self.noon + .seconds(60)))
        #expect(lines.count == 1 && lines[0].contains(#""outcome":"retry","tenant":"shop","cause":"connect","omitted":15"#), "\(lines)")
        #expect(log.room(for: Self.retry("connect"), tenant: "shop", events: 40) == 30, "a new minute")
        #expect(Self.texts(log.leftOut(at: Self.noon + .seconds(61), ending: true)).count == 1)
        #expect(log.leftOut(at: Self.noon + .seconds(62), ending: true).isEmpty, "said once")
    }

    @Test func whatWentWellIsAlwaysWritten() {
        var log = FailureLog()
        #expect(log.room(for: .done(httpStatus: 200), tenant: "shop", events: 5000) == 5000)
        #expect(log.room(for: .kept(.mirror, payload: nil), tenant: "shop", events: 5000) == 5000)
        #expect(log.leftOut(at: Self.noon, ending: true).isEmpty)
    }
}
