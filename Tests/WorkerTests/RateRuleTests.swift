import Testing
import Transport

@testable import Backfill
@testable import Common
import Foundation

@Suite struct RateRuleTests {
    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    private static let answers: [(String, Int, [String: String], Int, RateRule.Verdict)] = [
        ("good", 200, [:], 0, RateRule.Verdict.good),
        ("Stripe's, without a time", 429, [:], 0, .again(after: .seconds(1), costsTry: true)),
        ("the third time", 429, [:], 2, .again(after: .seconds(4), costsTry: true)),
        ("Shopify's seconds", 429, ["retry-after": "2.0"], 5, .again(after: .seconds(2), costsTry: false)),
        ("a date", 429, ["retry-after": "Tue, 14 Nov 2023 22:13:30 GMT"], 0, .again(after: .seconds(10), costsTry: false)),
        ("nonsense", 429, ["retry-after": "soon"], 0, .again(after: .seconds(1), costsTry: true)),
        (
            "GitHub's own limit", 403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000060"], 0,
            .again(after: .seconds(60), costsTry: false)
        ),
        ("GitHub's second limit", 403, ["retry-after": "60"], 0, .again(after: .seconds(60), costsTry: false)),
        ("not allowed", 403, ["x-ratelimit-remaining": "4999"], 0, .refused), ("no key", 401, [:], 0, .refused),
        ("down", 503, ["retry-after": "5"], 0, .again(after: .seconds(5), costsTry: true)),
        ("ill", 500, [:], 1, .again(after: .seconds(2), costsTry: true)), ("redirect", 301, [:], 0, .refused),
        ("not there", 404, [:], 0, .refused),
        (
            "a reset beyond all times", 429, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "999999999999999999"], 0,
            .again(after: .seconds(1_000_000), costsTry: false)
        ),
        ("a reset that is none", 403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "-9223372036854775808"], 0, .refused),
        ("an age", 429, ["retry-after": "1e300"], 0, .again(after: .seconds(1), costsTry: true)),
    ]

    @Test(arguments: answers)
    func judges(_ name: String, status: Int, headers: [String: String], tries: Int, as verdict: RateRule.Verdict) {
        let response = HTTPResponse(status: status, headers: headers.map { ($0.key, $0.value) }, body: [])
        #expect(RateRule.judge(response, tries: tries, now: Self.now) == verdict, "\(name)")
    }

    private static let goodAnswers: [(String, [String: String], Duration)] = [
        ("a bucket with room", ["x-shopify-shop-api-call-limit": "30/40"], Duration.zero),
        ("a full one", ["x-shopify-shop-api-call-limit": "38/40"], .seconds(2)),
        ("HubSpot's interval", ["x-hubspot-ratelimit-remaining": "0", "x-hubspot-ratelimit-interval-milliseconds": "10000"], .seconds(10)),
        ("GitHub's hour", ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000900"], .seconds(900)),
        ("nothing said", [:], .zero),
    ]

    @Test(arguments: goodAnswers)
    func rests(_ name: String, headers: [String: String], for time: Duration) {
        let response = HTTPResponse(status: 200, headers: headers.map { ($0.key, $0.value) }, body: [])
        #expect(RateRule.rest(after: response, now: Self.now) == time, "\(name)")
    }

    @Test func slicesGrowWhereLittleIsAndShrinkToASecond() {
        var plan = SlicePlan()
        plan.note(pages: 2, kinds: 2)
        #expect(plan.length == .seconds(7200))
        plan.note(pages: 3, kinds: 2)
        #expect(plan.length == .seconds(7200))
        for _ in 0..<20 { plan.shrink() }
        #expect(plan.length == .seconds(1) && !plan.canShrink)
        for _ in 0..<40 { plan.note(pages: 1, kinds: 1) }
        #expect(plan.length == SlicePlan.longest)
        #expect(plan.slice(from: Self.now, to: Self.now + .seconds(5)) == Self.now..<Self.now + .seconds(5))
    }

    private static let windows: [(String, Int64?, Int64?, Int64, Int64)] = [
        ("never", nil, nil, 87_300, 900), ("since the last", Int64(5000), nil, 5000, 900), ("further back", 5000, Int64(9000), 9000, 900),
        ("too far back", nil, 9_000_000, 2_592_000, 900), ("just now", 60, nil, 900, 900),
        ("by a clock that was ahead", -5000, nil, 87_300, 900),
    ]

    @Test(arguments: windows)
    func comparesFromWhereItEnded(_ name: String, through: Int64?, since: Int64?, from: Int64, to: Int64) {
        func ago(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: Self.now.milliseconds - seconds * 1000) }
        let window = Reconciler.window(through: through.map(ago), since: since.map(ago), now: Self.now)
        #expect(window == ago(from)..<ago(to), "\(name)")
    }

    /// Last comparison, end of the last outage, now: by the clock on the wall of that day or, with a minus, of the day before.
    @Test(
        arguments: [
            ("never compared", nil, nil, "12:00", true), ("not since the night", "-23:00", nil, "03:01", true),
            ("the night has not come", "-23:00", nil, "02:59", false), ("once a night", "03:02", nil, "23:59", false),
            ("by a clock that was ahead", "15:00", nil, "12:00", true), ("an outage has ended just now", "03:02", "12:00", "12:14", false),
            ("and a quarter of an hour ago", "03:02", "12:00", "12:15", true), ("was compared since", "12:20", "12:00", "13:00", false),
            ("was compared too early", "12:10", "12:00", "13:00", true),
            ("by a clock that was ahead, too", "03:02", "14:00", "13:00", false),
        ] as [(String, String?, String?, String, Bool)])
    func isDue(_ name: String, last: String?, outage: String?, now: String, is due: Bool) throws {
        func moment(_ text: String) throws -> Timestamp {
            let day = text.hasPrefix("-") ? "2026-07-14" : "2026-07-15"
            return try #require(Timestamp(rfc3339: "\(day)T\(text.suffix(5)):00+02:00"))
        }
        let ran = try last.map {
            Reconciliation(
                tenant: "acme", source: "stripe", through: try moment($0), ranAt: try moment($0), listed: 0, missing: 0, missingAt: nil,
                error: nil, failingSince: nil)
        }
        let over = try outage.map { Outage(began: try moment($0) + .seconds(-900), ended: try moment($0)) }
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        #expect(Reconciler.isDue(ran, after: over, now: try moment(now), in: berlin) == due, "\(name)")
    }

    @Test(arguments: [(3599, false), (3600, true)] as [(Int64, Bool)])
    func aComparisonThatFailedIsTriedAgain(after seconds: Int64, is due: Bool) throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        let noon = try #require(Timestamp(rfc3339: "2026-07-15T12:00:00+02:00"))
        let failed = Reconciliation(
            tenant: "acme", source: "stripe", through: noon, ranAt: noon, listed: 0, missing: 0, missingAt: nil, error: "HTTP 503",
            failingSince: noon)
        #expect(Reconciler.isDue(failed, after: nil, now: noon + .seconds(seconds), in: berlin) == due)
    }

    /// Clocks go from 2 to 3 o'clock, and from 3 to 2.
    @Test(arguments: [
        ("2026-03-29T12:00:00+02:00", "2026-03-29T03:00:00+02:00"), ("2026-10-25T12:00:00+01:00", "2026-10-25T03:00:00+01:00"),
        ("2026-03-29T01:30:00+01:00", "2026-03-28T03:00:00+01:00"),
    ])
    func theNightBeginsOnceADay(_ now: String, _ night: String) throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        #expect(Reconciler.lastNight(try #require(Timestamp(rfc3339: now)), berlin) == Timestamp(rfc3339: night))
    }

    @Test func blanksGoAndTextsStay() {
        let json = "{ \"a b\" : \"c \\\" d\" ,\n\t\"e\": [ 1, 2 ] }"
        #expect(String(decoding: CompactJSON.of(json.utf8), as: UTF8.self) == "{\"a b\":\"c \\\" d\",\"e\":[1,2]}")
    }

    private static let links: [(String, String?)] = [
        ("<https://a/x?p=2>; rel=\"next\"", "https://a/x?p=2"),
        ("<https://a/1>; rel=\"previous\", <https://a/3>; rel=\"next\"", "https://a/3"),
        ("<https://a/1>; rel=\"previous\"", nil), ("nonsense; rel=\"next\"", nil),
    ]

    @Test(arguments: links)
    func readsTheNextLink(_ field: String, as url: String?) {
        #expect(HTTPResponse(status: 200, headers: [("link", field)], body: []).nextLink == url)
    }

    /// Events an hour apart, then one silence.
    private static let silences: [(String, Int, Int64, Duration?)] = [
        ("a little over an hour", 300, Int64(3601), Duration.seconds(6300)), ("40 hours", 300, 40 * 3600, .seconds(259_200)),
        ("weeks", 300, 25 * 86_400, .seconds(30 * 86_400)), ("too few events", 40, 10 * 86_400, nil),
        ("too short a time", 60, 7200, nil),
    ]

    @Test(arguments: silences)
    func proposes(_ name: String, events: Int, silence: Int64, as proposal: Duration?) {
        var history = QuietHistory()
        let last = Self.now + .seconds(Int64(events - 2) * 3600)
        for number in 0..<events - 1 { history.add(Self.now + .seconds(Int64(number) * 3600)) }
        history.add(last + .seconds(silence))
        #expect(history.events == events && history.longest?.from == last, "\(name)")
        #expect(history.proposal == proposal, "\(name)")
    }

    @Test func hoursOfTheWeekBeginOnMonday() {
        // 2024-01-01 was a Monday.
        #expect(QuietHistory.hourOfWeek(Timestamp(rfc3339: "2024-01-01T00:59:59Z")!) == 0)
        #expect(QuietHistory.hourOfWeek(Timestamp(rfc3339: "2024-01-07T23:00:00Z")!) == 167)
        #expect(QuietHistory.hourOfWeek(Timestamp(rfc3339: "1969-12-29T00:00:00Z")!) == 0)
    }
}
