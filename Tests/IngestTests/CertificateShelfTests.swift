import GRDB
import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct CertificateShelfTests {
    private static let url = "https://api.paypal.com/v1/notifications/certs/CERT-1"
    private let scratch: Scratch
    private let store: Store
    private let shelf: CertificateShelf
    private let provider: Provider

    init() throws {
        scratch = try Scratch()
        store = try Store(path: "\(scratch.path)/store.db")
        shelf = CertificateShelf(errands: Errands(store: store), anchors: TrustAnchors(bundle: ""))
        provider = try #require(Catalogue.provider(for: source("paypal")))
    }

    private func request(_ url: String = url) -> SignedRequest {
        SignedRequest(method: "POST", url: "https://h/", headers: HeaderFields([("PAYPAL-CERT-URL", url)]), body: [])
    }

    private func fetch(_ url: String = url, at moment: Timestamp = noon) throws -> CertificateStore? {
        try shelf.fetch(url, provider, from: "192.0.2.1", now: moment)
    }

    private func put(_ pem: String, at moment: Timestamp) throws {
        let errands = Errands(store: store)
        let due = try errands.claim(most: 9, until: moment, now: moment)
        try errands.settle(
            due.map { ($0.id, .certificate(pem: pem, expires: .init(milliseconds: .max), due: moment, status: 200)) }, now: moment)
    }

    private var errandCount: Int { get throws { try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM errand") ?? 0 } } }

    @Test func asksOnceAndThenHoldsIt() throws {
        #expect(shelf.held(for: request(), provider, now: noon).byURL.isEmpty)
        #expect(try fetch() == nil)
        #expect(try fetch() == nil)
        #expect(try errandCount == 1)
        try put("PEM", at: noon)
        #expect(try fetch()?.byURL == [Self.url: "PEM"])
        #expect(shelf.held(for: request(), provider, now: noon).byURL == [Self.url: "PEM"])
        #expect(shelf.held(for: request(Self.url + "0"), provider, now: noon).byURL.isEmpty)
        // Renewed by the worker: seen within ten minutes.
        try put("NEW", at: noon + .seconds(1))
        #expect(shelf.held(for: request(), provider, now: noon + .seconds(599)).byURL == [Self.url: "PEM"])
        #expect(shelf.held(for: request(), provider, now: noon + .seconds(600)).byURL.isEmpty)
        #expect(try fetch(at: noon + .seconds(600))?.byURL == [Self.url: "NEW"])
    }

    @Test func looksIntoTheStoreSoManyTimesASecond() throws {
        for number in 0..<20 { #expect(try fetch("\(Self.url)-\(number)") == nil) }
        #expect(try errandCount == 4, "of one network")
        #expect(try Errands(store: store).want(certificateAt: Self.url, of: source("paypal"), by: "198.51.100.7", now: noon))
        try put("PEM", at: noon)
        #expect(try fetch() == nil, "not in this second")
        #expect(try shelf.fetch(Self.url, provider, from: "198.51.100.7", now: noon)?.byURL == [Self.url: "PEM"], "others may")
        #expect(try fetch(at: noon + .seconds(1))?.byURL == [Self.url: "PEM"])
        for number in 100..<120 { #expect(try fetch("\(Self.url)-\(number)", at: noon + .seconds(700)) == nil) }
        #expect(try fetch(at: noon + .seconds(700))?.byURL == [Self.url: "PEM"], "an old one stays while nobody may look")
    }

    @Test func knowsNothingOfOtherSchemes() throws {
        let stripe = try #require(Catalogue.provider(for: source("stripe")))
        #expect(shelf.held(for: request(), stripe, now: noon).byURL.isEmpty)
        #expect(try shelf.fetch(Self.url, stripe, from: nil, now: noon) == nil)
        #expect(try errandCount == 0)
    }
}
