import Common
import Transport

/// Goes where ingest, which has no network, may not: for certificates, and to confirm subscriptions.
struct ErrandRunner {
    /// Fetches all of them side by side, each answer beside its place.
    typealias Fetch = ([HTTPRequest]) throws -> [Result<HTTPResponse, TransportError>]

    /// In one run. What strangers ask for must not keep events waiting.
    private static let most = 48
    private static let lease: Duration = .seconds(60)

    let errands: Errands
    let anchors: () -> TrustAnchors
    let clock: WallClock
    let fetch: Fetch

    /// Carries out what is due. Nothing due costs one look into the store.
    func run() throws {
        let start = clock.now()
        let due = try errands.claim(most: Self.most, until: start + Self.lease, now: start)
        guard !due.isEmpty else { return }
        let allowed = due.filter(\.isAllowed)
        let results = allowed.isEmpty ? [] : try fetch(allowed.map { HTTPRequest(method: "GET", url: $0.url) })
        let now = clock.now()
        let judge = ErrandJudge(anchors: anchors(), now: now)
        let verdicts =
            zip(allowed, results).map { ($0, judge.judge($0, $1)) } + due.filter { !$0.isAllowed }.map { ($0, judge.refuse($0)) }
        try errands.settle(verdicts.map { ($0.id, $1) }, now: now)
        LogSink.write(verdicts.map { $1.logLine(of: $0, at: now) })
    }

    /// Over the network: https alone, no redirect, 64 KiB, five seconds for all.
    static func transport(authorities: String) -> Fetch {
        { requests in
            var options = TransferOptions(
                connectTimeout: .seconds(3), timeout: .seconds(5), userAgent: "Gatepost/\(Gatepost.version)")
            options.httpsOnly = true
            options.authorities = authorities
            options.mostBytes = ErrandJudge.mostBytes + 1
            let transfers = try Transfers<Int>(options: options, mostPerHost: 8)
            for (place, request) in requests.enumerated() { try transfers.start(request, tag: place) }
            var results: [Int: Result<HTTPResponse, TransportError>] = [:]
            while transfers.count > 0 {
                for (place, result) in transfers.wait(milliseconds: 500) { results[place] = result }
            }
            return requests.indices.map { results[$0] ?? .failure(TransportError(kind: .other, text: "no answer")) }
        }
    }
}

extension ErrandVerdict {
    fileprivate func logLine(of errand: Errand, at now: Timestamp) -> LogLine {
        let line: LogLine =
            switch self {
            case .certificate(_, let expires, _, _):
                LogLine("certificate fetched", at: now).with("outcome", "fetched").with("expires", expires.description)
            case .confirmed: LogLine("subscription confirmed", at: now).with("outcome", "confirmed")
            case .retry(let due, let status, let error):
                LogLine(error, level: .warning, at: now).with("outcome", "retry").with("status", status.map(Int64.init))
                    .with("due", due.description)
            case .failed(_, let status, let error):
                // A stranger may name what is not there as often as he likes; what an operator has asked for is another thing.
                LogLine(error, level: errand.kind == .certificate ? .warning : .error, at: now).with("outcome", "failed")
                    .with("status", status.map(Int64.init))
            }
        return line.with("errand", errand.kind.rawValue).with("source", errand.source.description).with("host", errand.host)
    }
}
