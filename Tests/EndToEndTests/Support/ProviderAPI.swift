import Common
import Foundation
import Synchronization

/// What a provider's API has to say, as its documentation has it: pages, cursors that may expire, limits, refusals.
final class ProviderAPI: Sendable {
    struct Query: Sendable {
        let path: String
        let fields: [String: String]
        let headers: [String: String]
        let body: JSONValue?

        init(_ call: StandIn.Call) {
            let parts = URLComponents(string: "http://x" + call.path)
            path = parts?.path ?? ""
            fields = Dictionary((parts?.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { first, _ in first }
            headers = call.headers
            body = (try? JSONDocument(call.body))?.root
        }
    }

    struct Fault: Sendable {
        /// Every so-manieth request is told to come again, at once.
        var limitsEvery = 0
        /// Cursors that were given out before this request are not known any more.
        var forgetsAt = -1
        var status: Int?
        var headers: [String: String] = [:]
    }

    let standIn: StandIn
    private let faults: Faults
    var url: String { standIn.url }
    var calls: Int { standIn.calls.count }

    /// - Parameter answer: gets the query; an answer with status 400 for a cursor is the fault's.
    init(
        key: (name: String, value: String), _ fault: Fault = Fault(), cursor: @escaping @Sendable (Query) -> Bool = { _ in false },
        _ answer: @escaping @Sendable (Query) -> StandIn.Answer
    ) throws {
        let faults = Faults(fault)
        self.faults = faults
        standIn = try StandIn { call, number in
            let query = Query(call)
            let now = faults.value.withLock { $0 }
            guard query.headers[key.name] == key.value else { return .status(401, body: #"{"error":{"code":"bad_key"}}"#) }
            if let status = now.status {
                return .status(status, headers: now.headers, body: #"{"code":"no_way","message":"secret words"}"#)
            }
            if now.limitsEvery > 0, number % now.limitsEvery == now.limitsEvery - 1 {
                return .status(429, headers: ["Retry-After": "0.0"], body: "slow down")
            }
            if number == now.forgetsAt, cursor(query) { return .status(400, body: #"{"error":{"code":"resource_missing"}}"#) }
            return answer(query)
        }
    }

    func fails(_ fault: Fault) { faults.value.withLock { $0 = fault } }

    /// So that the closure and the test hold the same.
    private final class Faults: Sendable {
        let value: Mutex<Fault>
        init(_ fault: Fault) { value = Mutex(fault) }
    }
}
