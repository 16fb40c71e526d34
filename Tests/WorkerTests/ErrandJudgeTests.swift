import Foundation
import GRDB
import Testing
import Transport

@testable import Common
@testable import CronWorker

@Suite struct ErrandJudgeTests {
    private static let anchors = TrustAnchors(bundle: pem("root.pem") + pem("stranger.pem"))
    /// 2030-01-01T00:00:00Z; the certificates are good for a hundred years.
    private static let now = Timestamp(milliseconds: 1_893_456_000_000)
    private static let week: Int64 = 7 * 86_400

    private static func pem(_ name: String) -> String { (try? Tree.text("Tests/CatalogueTests/Fixtures/\(name)")) ?? "" }

    private func errand(
        _ kind: Errand.Kind = .certificate, source: SourceName = "paypal", status: Errand.Status = .waiting, attempts: Int = 1,
        wanted: Timestamp = now
    ) -> Errand {
        Errand(
            id: 1, kind: kind, url: kind == .certificate ? "https://api.paypal.com/c" : "https://sns.eu-west-1.amazonaws.com/?Token=x",
            source: source, status: status, wantedAt: wanted, attempts: attempts)
    }

    private func judge(_ errand: Errand, _ status: Int, _ body: String = "", anchors: TrustAnchors = anchors) -> ErrandVerdict {
        ErrandJudge(anchors: anchors, now: Self.now)
            .judge(errand, .success(HTTPResponse(status: status, headers: [], body: Array(body.utf8))))
    }

    private func seconds(_ verdict: ErrandVerdict) -> Int64? {
        switch verdict {
        case .certificate(_, _, let due, _), .retry(let due, _, _), .failed(let due, _, _):
            (due.milliseconds - Self.now.milliseconds) / 1000
        case .confirmed: nil
        }
    }

    private func error(_ verdict: ErrandVerdict) -> String? {
        switch verdict {
        case .retry(_, _, let error), .failed(_, _, let error): error
        case .certificate, .confirmed: nil
        }
    }

    private func isFailed(_ verdict: ErrandVerdict) -> Bool { if case .failed = verdict { true } else { false } }

    @Test func takesAGoodOne() {
        let verdict = judge(errand(), 200, Self.pem("chain.pem"))
        guard case .certificate(let pem, let end, _, 200) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(pem == Self.pem("chain.pem") && end > Self.now + .seconds(50 * 365 * 86_400))
        #expect(seconds(verdict) == Self.week)
        #expect(error(judge(errand(source: "aws-sns"), 200, Self.pem("sns.pem"), anchors: TrustAnchors(bundle: ""))) == nil)
    }

    @Test(arguments: [
        ("leaf.pem", "the certificate of api.paypal.com: unable to get local issuer certificate"),
        ("expired.pem", "the certificate of api.paypal.com: certificate has expired"),
        ("lookalike.pem", "the certificate of api.paypal.com: it is not PayPal's"),
        ("sns.pem", "the certificate of api.paypal.com: it is not PayPal's"),
        ("paypal.json", "api.paypal.com sent no certificate"), ("none", "api.paypal.com sent no certificate"),
    ])
    func refuses(_ file: String, because words: String) {
        let verdict = judge(errand(), 200, Self.pem(file))
        #expect(isFailed(verdict) && error(verdict) == words && seconds(verdict) == 600)
    }

    @Test func refusesMoreThanItReads() {
        let filled = Self.pem("chain.pem") + String(repeating: "\n", count: ErrandJudge.mostBytes)
        #expect(error(judge(errand(), 200, filled)) == "api.paypal.com sent more than 65536 bytes")
        let edge = String(filled.prefix(ErrandJudge.mostBytes))
        #expect(error(judge(errand(), 200, edge)) == nil)
    }

    @Test(arguments: [
        (301, true), (302, true), (400, true), (403, true), (404, true), (408, false), (429, false), (500, false), (503, false),
    ])
    func byStatus(_ status: Int, isFinal: Bool) {
        #expect(isFailed(judge(errand(), status)) == isFinal)
        #expect(isFailed(judge(errand(.confirmation, source: "aws-sns"), status)) == isFinal)
    }

    @Test(arguments: [(1, 5, false), (2, 15, false), (3, 45, false), (4, 135, false), (5, 600, true)])
    func certificatesAreTriedAgain(_ attempts: Int, wait: Int64, isOver: Bool) {
        let verdict = judge(errand(attempts: attempts), 500)
        #expect(seconds(verdict) == wait && isFailed(verdict) == isOver)
    }

    @Test(arguments: [(1, 0, 5, false), (7, 0, 3600, false), (90, 0, 3600, false), (90, 3 * 86_400, 7 * 86_400, true)])
    func confirmationsAreTriedForThreeDays(_ attempts: Int, ago: Int64, wait: Int64, isOver: Bool) {
        let verdict = judge(
            errand(.confirmation, source: "aws-sns", attempts: attempts, wanted: Self.now + .seconds(-ago)), 500)
        #expect(seconds(verdict) == wait && isFailed(verdict) == isOver)
    }

    @Test func noAnswerIsSaidInCurlsWords() {
        let result = Result<HTTPResponse, TransportError>.failure(.init(kind: .dns, text: "Could not resolve host"))
        let verdict = ErrandJudge(anchors: Self.anchors, now: Self.now).judge(errand(), result)
        #expect(error(verdict) == "api.paypal.com: dns: Could not resolve host" && !isFailed(verdict))
    }

    @Test func aCopyAtHandOutlivesTheProvidersTroubles() {
        let verdict = judge(errand(status: .done, attempts: 40), 500)
        #expect(seconds(verdict) == 3600 && !isFailed(verdict))
        #expect(isFailed(judge(errand(status: .done, attempts: 200), 500)), "yet not for ever")
        #expect(isFailed(judge(errand(status: .done), 404)), "and not its word that there is none")
    }

    @Test func aConfirmationIsConfirmed() {
        #expect(judge(errand(.confirmation, source: "aws-sns"), 200) == .confirmed(status: 200))
    }
}

@Suite struct ErrandRunnerTests {
    private let fixture: StoreFixture
    private let url = "https://api.paypal.com/v1/notifications/certs/CERT-1"

    init() throws { fixture = try StoreFixture() }

    private func run(_ answer: @escaping (HTTPRequest) -> HTTPResponse) throws -> [String] {
        var seen: [String] = []
        try ErrandRunner(
            errands: Errands(store: fixture.store),
            anchors: { TrustAnchors(bundle: (try? Tree.text("Tests/CatalogueTests/Fixtures/root.pem")) ?? "") },
            clock: .stopped(at: fixture.now),
            fetch: { requests in
                seen += requests.map { "\($0.method) \($0.url)" }
                return requests.map { .success(answer($0)) }
            }
        ).run()
        return seen
    }

    private func status() throws -> [String] {
        try fixture.store.read { try String.fetchAll($0, sql: "SELECT status FROM errand ORDER BY id") }
    }

    @Test func fetchesWhatIngestWants() throws {
        fixture.now = Timestamp(milliseconds: 1_893_456_000_000)  // the certificates are younger than the fixture's clock
        #expect(try run { _ in HTTPResponse(status: 500, headers: [], body: []) }.isEmpty, "nothing is due")
        let errands = Errands(store: fixture.store)
        #expect(try errands.want(certificateAt: url, of: "paypal", by: nil, now: fixture.now))
        #expect(try run { _ in HTTPResponse(status: 503, headers: [], body: []) } == ["GET \(url)"])
        #expect(try run { _ in HTTPResponse(status: 200, headers: [], body: []) } == [], "not yet")
        fixture.now = fixture.now + .seconds(5)
        let pem = try Tree.text("Tests/CatalogueTests/Fixtures/chain.pem")
        #expect(try run { _ in HTTPResponse(status: 200, headers: [], body: Array(pem.utf8)) } == ["GET \(url)"])
        #expect(try errands.certificate(at: url, of: "paypal") == .pem(pem))
    }

    /// Whatever stands in the store: the rule is asked again before anybody goes.
    @Test(arguments: [
        ("certificate", "paypal", "https://example.net/c"), ("certificate", "paypal", "http://api.paypal.com/c"),
        ("certificate", "stripe", "https://api.paypal.com/c"),
        ("certificate", "aws-sns", "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=t&Token=x"),
        ("confirmation", "aws-sns", "https://sns.eu-west-1.amazonaws.com/a.pem"),
        ("confirmation", "paypal", "https://api.paypal.com/c"), ("confirmation", "aws-sns", "https://169.254.169.254/latest/meta-data/"),
    ])
    func goesNowhereElse(_ kind: String, source: String, url: String) throws {
        try fixture.store.write {
            try $0.execute(
                sql: "INSERT INTO errand (kind, url, source, status, wanted_at, due_at) VALUES (?, ?, ?, 'waiting', 1, 1)",
                arguments: [kind, url, source])
        }
        #expect(try run { _ in HTTPResponse(status: 200, headers: [], body: []) } == [])
        #expect(try status() == ["failed"])
    }
}
