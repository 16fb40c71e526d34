import Common
import Delivery
import Foundation
import Testing

@testable import CronWorker
@testable import Transport

/// A verdict without its words. Times are ms from now.
private enum Fate: Equatable {
    case done(Int)
    case retry(Int64, counts: Bool, String)
    case dead(String)

    init(_ verdict: Verdict) {
        switch verdict {
        case .done(let status): self = .done(status)
        case .dead(let failure): self = .dead(failure.cause)
        case .kept(let mode, _): self = .dead("no judge keeps anything: \(mode)")
        case .retry(let due, let counts, let failure):
            self = .retry(due.milliseconds - monday.milliseconds, counts: counts, failure.cause)
        }
    }

    /// With the first try behind it, and a random number of one half.
    static func again(_ cause: String) -> Fate { .retry(500, counts: true, cause) }
}

private enum Whole: Equatable {
    case settled([Fate])
    case split(String)

    init(_ outcome: Judge.Outcome) {
        switch outcome {
        case .settled(let verdicts): self = .settled(verdicts.map(Fate.init))
        case .split(let failure): self = .split(failure.cause)
        }
    }
}

private func items(_ count: Int, attempts: Int = 0) -> [PushItem] {
    (0..<count).map { PushItem(.of(["{}"], key: "key-\($0 + 1)", attempts: attempts))! }
}

private func response(_ status: Int, _ headers: [(name: String, value: String)] = [], _ body: String = "") -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: Bytes(body.utf8))
}

private func judge(_ response: HTTPResponse, _ items: [PushItem], tries: Int = 5) -> Whole {
    Whole(Judge(tries: tries, site: "https://www.example.com", now: monday, random: { 0.5 }).judge(.success(response), items: items))
}

@Suite struct JudgementTests {
    // MARK: Not the plugin's JSON

    @Test(arguments: [
        ("a page", 200, "<!doctype html><title>Log in</title>"),
        ("nothing", 200, ""),
        ("no content", 204, ""),
        ("another program's JSON", 200, #"{"success":true}"#),
        ("an array", 200, "[]"),
        ("results no array", 200, #"{"results":{"idempotency_key":"key-1","status":200,"outcome":"applied"}}"#),
        ("no result", 200, #"{"results":[]}"#),
        ("one result too many", 200, result("key-1", 200, "applied", twice: true)),
        ("a result without key", 200, #"{"results":[{"status":200,"outcome":"applied"}]}"#),
        ("a result without outcome", 200, #"{"results":[{"idempotency_key":"key-1","status":200}]}"#),
        ("a status in quotes", 200, #"{"results":[{"idempotency_key":"key-1","status":"200","outcome":"applied"}]}"#),
        ("a result that is null", 200, #"{"results":[null]}"#),
        ("another's key", 200, result("key-2", 200, "applied")),
        ("JSON with a page's tail", 200, result("key-1", 200, "applied") + "<!-- cached -->"),
        ("a byte order mark", 200, "\u{FEFF}" + result("key-1", 200, "applied")),
        ("a page with 299", 299, "<html>"),
    ])
    func takesNoOtherAnswerForDone(_ what: String, _ status: Int, _ body: String) {
        #expect(judge(response(status, [], body), items(1)) == .settled([.again("not_wordpress_json")]), "\(what)")
    }

    @Test func aWrongCountOfResultsSettlesNoneOfThem() {
        let one = response(200, [], Self.result("key-1", 200, "applied"))
        #expect(judge(one, items(2)) == .settled([.again("not_wordpress_json"), .again("not_wordpress_json")]))
    }

    // MARK: The plugin's results

    @Test(
        arguments: [
            ("applied", 200, "applied", nil, Fate.done(200)),
            ("queued", 202, "queued", nil, .done(202)),
            ("done before", 200, "duplicate", nil, .done(200)),
            ("older than what WordPress has", 200, "stale", nil, .done(200)),
            ("an outcome of a later plugin", 207, "split", nil, .done(207)),
            ("refused with 200", 200, "refused", nil, .again("http_200")),
            ("refused with 202 and words", 202, "refused", "gatepost_odd: words", .again("gatepost_odd")),
            ("a redirect", 302, "refused", nil, .again("http_302")),
            ("bad payload", 400, "refused", "gatepost_invalid: payload[actor]", .dead("gatepost_invalid")),
            ("not found", 404, "refused", nil, .dead("http_404")),
            ("conflict", 409, "refused", "gatepost_email_taken", .again("gatepost_email_taken")),
            ("no such user", 422, "refused", "gatepost_user_unknown: No user matches", .dead("gatepost_user_unknown")),
            ("422 without words", 422, "refused", nil, .dead("http_422")),
            ("422 with an empty error", 422, "refused", "", .dead("http_422")),
            ("422 with words alone", 422, "refused", " no code", .dead("http_422")),
            ("422 with a code that is not ASCII", 422, "refused", "über: x", .dead("http_422")),
            ("too many", 429, "refused", nil, .again("http_429")),
            ("a plugin's fault", 500, "refused", "gatepost_item_failed: Error at x.php:1", .again("gatepost_item_failed")),
            ("out of time", 503, "refused", "gatepost_out_of_time: again", .retry(1000, counts: false, "gatepost_out_of_time")),
            ("a status that is none", 0, "refused", nil, .again("http_0")),
            ("a 4xx that says applied", 422, "applied", nil, .dead("http_422")),
        ] as [(String, Int, String, String?, Fate)])
    private func settlesAnItemByItsOwnResult(_ what: String, _ status: Int, _ outcome: String, _ error: String?, _ fate: Fate) {
        let answer = response(200, [], Self.result("key-1", status, outcome, error))
        #expect(judge(answer, items(1)) == .settled([fate]), "\(what)")
    }

    @Test func oneItemsResultIsNoOthers() {
        let answer = response(
            200, [],
            """
            {"results":[{"idempotency_key":"key-1","status":200,"outcome":"applied","error":null},
            {"idempotency_key":"key-2","status":422,"outcome":"refused","error":"gatepost_actor_missing: x"},
            {"idempotency_key":"key-X","status":200,"outcome":"applied","error":null},
            {"idempotency_key":"key-4","status":503,"outcome":"refused","error":"gatepost_database_busy: x"}]}
            """)
        #expect(
            judge(answer, items(4))
                == .settled([.done(200), .dead("gatepost_actor_missing"), .again("not_wordpress_json"), .again("gatepost_database_busy")]))
    }

    // MARK: The whole request refused

    @Test(arguments: [
        (301, Fate.again("redirect")), (302, .again("redirect")), (307, .again("redirect")), (308, .again("redirect")),
        (400, .dead("http_400")), (401, .dead("not_authorised")), (403, .dead("forbidden")), (404, .dead("http_404")),
        (405, .dead("http_405")), (406, .dead("http_406")), (409, .again("http_409")), (410, .dead("http_410")),
        (413, .dead("http_413")), (415, .dead("http_415")), (422, .dead("http_422")), (429, .again("rate_limited")),
        (499, .dead("http_499")), (500, .again("http_500")), (502, .again("http_502")), (503, .again("http_503")),
        (504, .again("http_504")), (599, .again("http_599")),
    ])
    private func judgesOneItemByTheStatus(_ status: Int, _ fate: Fate) {
        #expect(judge(response(status), items(1)) == .settled([fate]))
    }

    @Test(arguments: [
        ("no plugin", 404, #"{"code":"rest_no_route","message":"x"}"#, Fate.dead("rest_no_route")),
        ("another 404 of WordPress's", 404, #"{"code":"rest_other"}"#, .dead("http_404")),
        ("a page that says rest_no_route", 404, "rest_no_route", .dead("http_404")),
        ("a password", 401, #"{"code":"gatepost_app_password_wrong"}"#, .dead("gatepost_app_password_wrong")),
        ("something else of WordPress's", 401, #"{"code":"rest_forbidden"}"#, .dead("not_authorised")),
    ])
    private func readsWordPresssCode(_ what: String, _ status: Int, _ body: String, _ fate: Fate) {
        #expect(judge(response(status, [], body), items(1)) == .settled([fate]), "\(what)")
    }

    @Test func saysWhatToDo() {
        func words(_ response: HTTPResponse) -> String {
            guard
                case .settled(let verdicts) = Judge(tries: 1, site: "https://www.example.com", now: monday, random: { 0 }).judge(
                    .success(response), items: items(1)),
                case .dead(let failure) = verdicts[0]
            else { return "" }
            return failure.text
        }
        #expect(words(response(301, [("location", "https://www.example.com/")])).contains("redirects to https://www.example.com/"))
        #expect(words(response(308)).contains("redirects to nowhere"))
        #expect(words(response(401, [], #"{"code":"gatepost_no_auth"}"#)).contains("no credential arrived"))
        #expect(words(response(401)).contains("(no reason given)"))
        #expect(
            words(response(404, [], #"{"code":"rest_no_route"}"#)).contains("the Gatepost plugin is not active at https://www.example.com;")
        )
        #expect(words(response(500, [], #"{"code":"internal_server_error"}"#)).contains("PHP dies on the request"))
    }

    // MARK: Splitting

    @Test(arguments: [400, 401, 403, 404, 406, 413, 422])
    func splitsSeveralItemsThatOneMayHaveSpoilt(_ status: Int) {
        guard case .split = judge(response(status), items(2)) else {
            Issue.record("not split")
            return
        }
    }

    @Test(arguments: [200, 301, 405, 409, 410, 415, 429, 500, 503])
    func splitsForNoOtherStatus(_ status: Int) {
        guard case .settled(let fates) = judge(response(status), items(2)) else {
            Issue.record("split")
            return
        }
        #expect(fates.count == 2)
        #expect(fates[0] == fates[1])
    }

    @Test func anEventOfManyFoldedIsOneItemAndIsNotSplit() {
        let item = PushItem(.of(["{}", "{}", "{}"]))!
        #expect(judge(response(403), [item]) == .settled([.dead("forbidden")]))
    }

    // MARK: Tries

    @Test(arguments: [
        (5, 0, Fate.retry(500, counts: true, "http_500")), (5, 1, .retry(1500, counts: true, "http_500")),
        (5, 2, .retry(4500, counts: true, "http_500")), (5, 3, .retry(13_500, counts: true, "http_500")), (5, 4, .dead("http_500")),
        (5, 9, .dead("http_500")), (1, 0, .dead("http_500")), (2, 0, .retry(500, counts: true, "http_500")), (2, 1, .dead("http_500")),
    ])
    private func givesUpAfterTheLastTry(of tries: Int, answered: Int, _ fate: Fate) {
        #expect(judge(response(500), items(1, attempts: answered), tries: tries) == .settled([fate]))
    }

    @Test func patienceCostsNoTry() {
        let answer = response(503, [("retry-after", "20")])
        #expect(judge(answer, items(1, attempts: 4)) == .settled([.retry(20_000, counts: false, "maintenance")]))
        #expect(
            judge(response(429, [("retry-after", "20")]), items(1), tries: 1) == .settled([.retry(20_000, counts: false, "rate_limited")]))
        // A Retry-After that no rule gives a meaning to.
        #expect(judge(response(500, [("retry-after", "20")]), items(1)) == .settled([.again("http_500")]))
        #expect(judge(response(401, [("retry-after", "20")]), items(1)) == .settled([.dead("not_authorised")]))
        #expect(judge(response(503, [("retry-after", "soon")]), items(1)) == .settled([.again("maintenance")]))
    }

    @Test func asksForOneRandomNumberAnItem() {
        var asked = 0
        let judge = Judge(
            tries: 5, site: "https://www.example.com", now: monday,
            random: {
                asked += 1
                return Double(asked) / 10
            })
        let outcome = Whole(judge.judge(.success(response(500)), items: items(3)))
        #expect(asked == 3)
        #expect(outcome == .settled([100, 200, 300].map { .retry($0, counts: true, "http_500") }))
    }

    // MARK: No answer

    @Test(arguments: [
        (TransportError.Kind.dns, "dns"), (.connect, "connect"), (.tls, "tls"), (.timeout, "timeout"), (.reset, "reset"),
        (.other, "transport"),
    ])
    func namesWhyThereWasNoAnswer(_ kind: TransportError.Kind, _ cause: String) {
        let judge = Judge(tries: 2, site: "https://www.example.com", now: monday, random: { 0.5 })
        let failure = Result<HTTPResponse, TransportError>.failure(TransportError(kind: kind, text: "words"))
        // Never split: nobody said that it is an item's fault.
        #expect(Whole(judge.judge(failure, items: items(2))) == .settled([.again(cause), .again(cause)]))
        #expect(Whole(judge.judge(failure, items: items(1, attempts: 1))) == .settled([.dead(cause)]))
    }

    private static func result(_ key: String, _ status: Int, _ outcome: String, _ error: String? = nil, twice: Bool = false) -> String {
        let quoted = error.map { "\"\($0)\"" } ?? "null"
        let one = #"{"idempotency_key":"\#(key)","status":\#(status),"outcome":"\#(outcome)","error":\#(quoted)}"#
        return #"{"results":[\#(twice ? "\(one),\(one)" : one)]}"#
    }
}

@Suite struct RetryAfterTests {
    @Test(arguments: [
        ("seconds", "30", 30_000), ("one", "1", 1000), ("leading zeroes", "007", 7000), ("an hour", "3600", 3_600_000),
        ("more than an hour", "3601", 3_600_000), ("eighteen digits", "999999999999999999", 3_600_000),
        ("a date", "Mon, 23 Nov 2026 18:02:00 GMT", 120_000), ("a date two days ahead", "Wed, 25 Nov 2026 18:00:00 GMT", 3_600_000),
    ])
    func waits(_ what: String, _ value: String, _ expected: Int64) {
        let due = Judge.retryAfter(response(429, [("retry-after", value)]), now: monday)
        #expect(due == monday + .milliseconds(expected), "\(what)")
        // A maintenance page asks for ten minutes whatever it does.
        let maintenance = Judge.retryAfter(response(503, [("retry-after", value)]), now: monday)
        #expect(maintenance == monday + .milliseconds(min(expected, 60_000)), "\(what)")
    }

    @Test(arguments: [
        "", " ", "soon", "-5", "+5", "1.5", "5 s", "0x10", "9999999999999999999", "23 Nov 2026", "Mon, 23 Nov 2026 18:02:00",
        "Monday, 23-Nov-26 18:02:00 GMT", "Mon Nov 23 18:02:00 2026", "2026-11-23T18:02:00Z", "١٢",
    ])
    func readsNothingElse(_ value: String) {
        #expect(Judge.retryAfter(response(503, [("retry-after", value)]), now: monday) == nil)
    }

    @Test(arguments: [(429, true), (503, true), (500, false), (502, false), (301, false), (200, false), (413, false)])
    func listensToTwoStatusesAlone(_ status: Int, _ listens: Bool) {
        #expect((Judge.retryAfter(response(status, [("retry-after", "5")]), now: monday) != nil) == listens)
    }

    /// Such an answer costs no try: without a pause the worker would ask again at once, and for ever.
    @Test(arguments: ["0", "Mon, 23 Nov 2026 17:59:00 GMT"])
    func neverComesBackWithoutAPause(_ value: String) throws {
        let outcome = judge(response(503, [("retry-after", value)]), items(1))
        guard case .settled(let fates) = outcome, case .retry(let wait, let counts, _) = fates[0] else { return }
        #expect(wait >= 1000 || counts)
    }
}
