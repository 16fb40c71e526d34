import GRDB
import Testing

@testable import Common

/// What ingest asks for and the worker takes, with the bounds that keep strangers from filling anything.
@Suite struct ErrandsTests {
    private static let host = "https://api.paypal.com/v1/notifications/certs/"
    private let scratch: ScratchStore
    private let errands: Errands
    private let payPal: SourceName = "paypal"

    init() throws {
        scratch = try ScratchStore()
        errands = Errands(store: scratch.store)
    }

    private func moment(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_000_000_000 + seconds * 1000) }

    private func want(_ name: String, by network: String? = "192.0.2.1", at seconds: Int64 = 0) throws -> Bool {
        try errands.want(certificateAt: Self.host + name, of: payPal, by: network, now: moment(seconds))
    }

    private func claim(at seconds: Int64, most: Int = 100) throws -> [Errand] {
        try errands.claim(most: most, until: moment(seconds + 60), now: moment(seconds))
    }

    private func found(_ name: String) throws -> Errands.Certificate {
        try errands.certificate(at: Self.host + name, of: payPal)
    }

    @Test func aCertificateComesAndIsRenewed() throws {
        #expect(try found("a") == .unknown)
        #expect(try want("a"))
        #expect(try !want("a"), "it waits already")
        #expect(try found("a") == .asked)
        let first = try claim(at: 0)
        #expect(first.map(\.url) == [Self.host + "a"] && first.map(\.attempts) == [1] && first.map(\.status) == [.waiting])
        #expect(try claim(at: 59).isEmpty, "somebody has it")
        let verdict = ErrandVerdict.certificate(pem: "PEM", expires: moment(9000), due: moment(5000), status: 200)
        try errands.settle([(first[0].id, verdict)], now: moment(1))
        #expect(try found("a") == .pem("PEM"))
        #expect(try claim(at: 4999).isEmpty)
        let second = try claim(at: 5000)
        #expect(second.map(\.status) == [.done] && second.map(\.attempts) == [1])
        try errands.settle([(second[0].id, .retry(at: moment(8600), status: 500, error: "no"))], now: moment(5001))
        #expect(try found("a") == .pem("PEM"), "the copy at hand stays")
        let counts = try ErrandQueries(store: scratch.store).counts()
        #expect(counts == .init(waiting: 0, failing: 1, failed: 0, error: "no"))
        let third = try claim(at: 8600)
        try errands.settle([(third[0].id, .failed(forgottenAt: moment(9200), status: 404, error: "gone"))], now: moment(8601))
        #expect(try found("a") == .asked, "not again for a while")
        #expect(try claim(at: 9200).isEmpty)
        #expect(try found("a") == .unknown)
    }

    @Test func whoseClaimIsOverLosesIt() throws {
        #expect(try want("a"))
        #expect(try claim(at: 0).count == 1)
        #expect(try claim(at: 60).map(\.attempts) == [2])
    }

    @Test func oneNetworkLeavesRoomForOthers() throws {
        #expect(try (0..<10).map { try want("\($0)") } == Array(repeating: true, count: 4) + Array(repeating: false, count: 6))
        #expect(try want("honest", by: "198.51.100.7"))
        // Failed ones count on: they were fetched for this network, and it had four.
        let due = try claim(at: 1)
        try errands.settle(
            due.map { ($0.id, .failed(forgottenAt: moment(601), status: 404, error: "404")) }, now: moment(1))
        #expect(try !want("more", at: 600))
        #expect(try claim(at: 601).isEmpty)
        #expect(try want("more", at: 601), "forgotten")
    }

    @Test func sendersWithoutAnAddressAreOneNetwork() throws {
        #expect(try (0..<5).map { try want("\($0)", by: nil) } == [true, true, true, true, false])
    }

    @Test func manyNetworksFillNothing() throws {
        try flood()
        #expect(try scratch.store.number("SELECT count(*) FROM errand WHERE status = 'failed'") == 64)
        #expect(try scratch.store.number("SELECT count(*) FROM errand") == 96)
    }

    /// From forty networks, then four times as much as may wait, while the worker finds that none of it is there.
    private func flood() throws {
        let taken = try (0..<40).filter { try want("\($0)", by: "192.0.2.\($0)") }
        #expect(taken.count == 32)
        for round in 0..<4 {
            let due = try claim(at: Int64(round))
            try errands.settle(due.map { ($0.id, .failed(forgottenAt: moment(600), status: 404, error: "404")) }, now: moment(Int64(round)))
            for number in 0..<32 { _ = try want("\(round)-\(number)", by: "192.0.2.\(round)-\(number)", at: Int64(round)) }
        }
    }

    @Test func whatIsAtHandIsNotPushedOut() throws {
        #expect(try want("honest", by: "198.51.100.7"))
        let due = try claim(at: 0)
        try errands.settle([(due[0].id, .certificate(pem: "P", expires: moment(9000), due: moment(9000), status: 200))], now: moment(0))
        try flood()
        #expect(try found("honest") == .pem("P"))
    }

    @Test(arguments: ["https://example.net/c", "http://api.paypal.com/c", "https://api.paypal.com:8443/c", ""])
    func othersAreNotAskedFor(_ url: String) throws {
        #expect(try !errands.want(certificateAt: url, of: payPal, by: nil, now: moment(0)))
        #expect(try !errands.want(certificateAt: Self.host + "a", of: "stripe", by: nil, now: moment(0)))
        #expect(try !errands.want(certificateAt: Self.host + "a", of: "aws-sns", by: nil, now: moment(0)))
        #expect(try scratch.store.number("SELECT count(*) FROM errand") == 0)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8:0:0::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"), ("::1", "0:0:0:0::/64"), ("::ffff:192.0.2.1", "192.0.2.1"), ("", ""),
    ])
    func network(_ address: String, name: String) { #expect(Network.name(of: address) == name) }
}
