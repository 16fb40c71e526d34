import Common
import Transport

extension Counters {
    /// One answer of a tenant's WordPress, or none.
    init(_ result: Result<HTTPResponse, TransportError>, of tenant: TenantName) {
        self.init()
        add(.responses, tenant.description, Self.classWord(of: result))
    }

    private static func classWord(of result: Result<HTTPResponse, TransportError>) -> String {
        guard case .success(let response) = result, (200..<600).contains(response.status) else { return "error" }
        return "\(response.status / 100)xx"
    }
}

extension Store {
    /// A run of the worker is over.
    /// - Parameter counts: what it has counted beside its work.
    func noteRun(_ counts: Counters?, at now: Timestamp) throws(StoreError) {
        var counts = counts ?? Counters()
        counts.add(.workerRuns)
        try count(counts, lastRun: now)
    }
}
