import Foundation
import Testing

@testable import Common
@testable import GatepostCLI

let noon = Timestamp(milliseconds: 1_764_000_000_000)

func name(_ source: String) -> SourceName { SourceName(source)! }

/// `fixtures/` of this work tree.
let fixturesURL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("fixtures")

func fixture(_ path: String) throws -> Bytes { Bytes(try Data(contentsOf: fixturesURL.appendingPathComponent(path))) }

/// `stripe/customer.created.json` and the others.
let fixturePaths: [String] = ["stripe", "github", "hubspot"].flatMap { source in
    let files = (try? FileManager.default.contentsOfDirectory(atPath: fixturesURL.appendingPathComponent(source).path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.sorted().map { "\(source)/\($0)" }
}

/// A directory that goes with the test.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("gatepost-cli-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func store() throws -> Store { try Store(path: path + "/gatepost.db") }
}

extension Store {
    /// Stores one Stripe event of one person and gives its id.
    @discardableResult
    func put(
        _ id: String, type: String = "customer.updated", customer: String = "cus_1", email: String = "anna@example.com",
        tenant: String = "shop", at moment: Timestamp = noon
    ) throws -> String {
        let body = Bytes(
            #"{"id":"\#(id)","type":"\#(type)","created":1764000000,"data":{"object":{"id":"\#(customer)","email":"\#(email)","customer":"\#(customer)"}}}"#
                .utf8)
        return try put("stripe", body: body, headers: HeaderFields(), tenant: tenant, at: moment)
    }

    func put(_ source: String, body: Bytes, headers: HeaderFields, tenant: String, at moment: Timestamp) throws -> String {
        let provider = try #require(Catalogue.provider(for: name(source)))
        let reading = provider.read(try JSONDocument(body).root, headers: headers)
        let event = NewEvent(
            source: provider.source, tenant: TenantName(tenant)!, reading: reading, receivedAt: moment, sourceIP: "192.0.2.1",
            userAgent: nil, createdBy: "ingest", requestID: "request-1", traceparent: nil, headers: headers.json(), rawBody: body,
            nonce: nil)
        return try EventWriter(store: self).commit([[event]], now: moment)[0][0].eventID
    }

    /// Takes everything due and settles it so; gives how many events.
    @discardableResult
    func settle(_ verdict: Verdict, tenant: String = "shop", at moment: Timestamp = noon) throws -> Int {
        let queue = JobQueue(store: self)
        var settled = 0
        while true {
            let lease = UUID().uuidString
            let pushes = try queue.claim(
                tenant: TenantName(tenant)!, limits: .init(items: 100), lease: lease, until: moment + .seconds(45), now: moment)
            guard !pushes.isEmpty else { return settled }
            try queue.settle(pushes.map { ($0, verdict) }, lease: lease, now: moment)
            settled += pushes.reduce(0) { $0 + $1.events.count }
        }
    }
}

extension Verdict {
    static func dead(_ cause: String) -> Verdict { .dead(PushFailure(cause: cause, text: "no", httpStatus: 400)) }
}
