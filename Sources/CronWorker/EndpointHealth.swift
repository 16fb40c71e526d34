import Common
import Delivery
import Transport

extension Judge {
    /// What an answer says of the endpoint. The plugin's own JSON is a healthy endpoint's, whatever it says of the items, unless none of
    /// them could be worked on.
    func report(on result: Result<HTTPResponse, TransportError>, items: Int) -> EndpointReport {
        switch result {
        case .failure(let error): return .ill(Diagnosis.failure(of: error, at: site))
        case .success(let response) where (200..<300).contains(response.status):
            guard let results = BatchResults(response.body, count: items) else { return .ill(Diagnosis.failure(of: response, at: site)) }
            guard let first = results.list.first, results.list.allSatisfy({ $0.status >= 500 && $0.cause != "gatepost_out_of_time" }) else {
                return .well
            }
            return .ill(PushFailure(cause: first.cause, text: first.error ?? "refused", httpStatus: first.status))
        case .success(let response):
            let failure = Diagnosis.failure(of: response, at: site)
            if let until = Self.retryAfter(response, now: now) { return .resting(until: until, failure) }
            // These may be what stands in the request.
            return [400, 405, 406, 409, 413, 415, 422].contains(response.status) ? .unknown : .ill(failure)
        }
    }
}

extension Worker {
    /// How the endpoints stand, as this and other workers have left them.
    func readCircuits() throws {
        let known = Dictionary(try board.all().map { ($0.endpoint, $0.circuit) }) { first, _ in first }
        for index in endpoints.indices { endpoints[index].circuit = known[endpoints[index].key] }
    }

    /// Tenants of which nothing goes.
    func pausedTenants() throws -> Set<String> {
        let whole = try queue.pauses.all().filter { $0.source == nil && $0.route == nil }
        if whole.contains(where: { $0.tenant == nil }) { return Set(try queue.dueTenants(now: clock.now())) }
        return Set(whole.compactMap(\.tenant))
    }

    /// Writes down what a request says of its endpoint, where that is news.
    func note(_ report: EndpointReport, of batch: Batch, now: Timestamp) throws {
        let endpoint = endpoints[batch.endpoint]
        guard endpoint.circuit != nil || report.isTrouble else { return }
        let policy = settings.circuit
        let (old, new) = try board.change(endpoint.key) {
            Circuit.after(report, pushes: batch.items.count, $0, policy: policy, now: now)
        }
        endpoints[batch.endpoint].circuit = new
        let (was, state) = (old?.state ?? .closed, new?.state ?? .closed)
        if state == .open, let new {
            LogSink.write([
                LogLine("no more requests for now: \(new.error)", level: was == .closed ? .error : .warning, at: now)
                    .with("outcome", "circuit_open").with("tenant", endpoint.tenant.description).with("cause", new.cause)
                    .with("due", new.retryAt?.description)
            ])
        } else if state == .closed, was != .closed {
            LogSink.write([
                LogLine("\(endpoint.wordpress.baseURL) answers again", level: .notice, at: now).with("outcome", "circuit_closed")
                    .with("tenant", endpoint.tenant.description)
            ])
        }
    }

    /// A probe that fails is nobody's try: its events wait until after the next one.
    func spared(_ verdict: Verdict, by circuit: Circuit?, now: Timestamp) -> Verdict {
        let failure: PushFailure
        switch verdict {
        case .done, .kept: return verdict
        case .retry(_, _, let why), .dead(let why): failure = why
        }
        let pause = (circuit?.retryAt ?? now) + .milliseconds(Int64.random(in: 1...1000))
        return .retry(at: pause, countsTry: false, failure: failure)
    }
}

extension EndpointReport {
    fileprivate var isTrouble: Bool {
        switch self {
        case .well, .unknown: false
        case .ill, .resting: true
        }
    }

    var isIll: Bool { if case .ill = self { true } else { false } }
}
