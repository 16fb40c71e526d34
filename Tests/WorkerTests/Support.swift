import Foundation

@testable import Common
@testable import CronWorker

extension TenantName: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self = TenantName(text)! }
}

extension SourceName: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self = SourceName(text)! }
}

func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

/// 2026-11-23T18:00:00Z, a Monday.
let monday = Timestamp(milliseconds: 1_795_456_800_000)

/// The package's own files, which some tests read.
enum Tree {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ path: String) throws -> String { try String(contentsOf: root.appending(path: path), encoding: .utf8) }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appending(path: path).path) }

    /// Paths below `folder` that end so, from the root.
    static func files(in folder: String, ending suffix: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
            .filter { $0.hasSuffix(suffix) }.sorted().map { "\(folder)/\($0)" }
    }
}

extension ClaimedPush {
    /// A push of stored events, as a claim gives it.
    static func of(
        _ bodies: [String], source: String = "stripe", type: String = "customer.updated", route: Route = .userSync, key: String? = nil,
        attempts: Int = 0, traceparents: [String?] = [], headers: [HeaderFields] = []
    ) -> ClaimedPush {
        let events = bodies.enumerated().map { index, body in
            Event(
                sequence: Int64(index + 1), id: "event-\(index + 1)", source: source, type: type, receivedAt: monday,
                traceparent: index < traceparents.count ? traceparents[index] : nil,
                headers: index < headers.count ? headers[index] : HeaderFields(), rawBody: Bytes(body.utf8))
        }
        return ClaimedPush(
            key: key ?? Coalescing.key(of: events.map(\.id)), route: route, tenant: "acme", lane: 1, attempts: attempts, lost: 0,
            mode: .live, claimedAt: monday, wasSent: attempts > 0, events: events)
    }
}

extension PushItem {
    /// Of a push as a claim gives it; nil where it cannot be read.
    init?(_ push: ClaimedPush) {
        guard let payload = Self.payload(of: push, providers: .catalogue) else { return nil }
        var sent = push
        sent.dropBodies()
        self.init(sent, payload: payload)
    }
}
