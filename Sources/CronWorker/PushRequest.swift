import Common
import Delivery
import Transport

/// One item of a batch, ready to go.
struct PushItem: Sendable {
    /// Without its bodies: what is sent of them stands in the payload.
    let push: ClaimedPush
    private(set) var payload: Bytes

    /// Once it is sent.
    var withoutPayload: PushItem {
        var item = self
        item.payload = []
        return item
    }

    fileprivate mutating func takePayload() -> Bytes {
        defer { payload = [] }
        return payload
    }

    /// - Parameter push: without its bodies.
    init(_ push: ClaimedPush, payload: Bytes) { (self.push, self.payload) = (push, payload) }

    /// Nil where a stored event cannot be read any more: a poison, which must not hold up the others.
    static func payload(of push: ClaimedPush, providers: Providers) -> Bytes? {
        guard !push.events.contains(where: \.isTampered) else { return nil }
        var stored = StoredEvents(push, providers)
        return stored.folded()?.payload(route: push.route, eventIDs: push.events.map(\.id))
    }
}

extension Settings.WordPress {
    /// `POST …/ai-guy/v1/batch` with these items, signed over exactly the bytes that are sent.
    /// - Parameters:
    ///   - items: each loses its payload as soon as that stands in the body, or megabytes would be held twice.
    ///   - requestID: a UUID of this request alone.
    ///   - sampler: nil where nothing is traced.
    func batchRequest(
        _ items: consuming [PushItem], requestID: String, sampler: Sampler? = nil, now: Timestamp
    ) throws(CryptoError) -> HTTPRequest {
        var body = Bytes("{\"items\":[".utf8)
        body.reserveCapacity(items.reduce(100) { $0 + $1.payload.count + $1.push.key.utf8.count + 100 })
        for index in items.indices {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            var json = JSONObject(behind: consume body)
            json.add("route", items[index].push.route.rawValue)
            json.add("idempotency_key", items[index].push.key)
            json.add("payload", raw: items[index].takePayload())
            body = json.text()
        }
        body += Array("]}".utf8)
        var headers = [
            (name: "Content-Type", value: "application/json"), ("Accept", "application/json"), ("X-Request-Id", requestID),
            ("Idempotency-Key", Coalescing.key(of: items.map(\.push.key))),
        ]
        headers += try credentials(over: body, for: Set(items.map(\.push.route.rawValue)).sorted() + ["batch"], now: now)
        let trace = PushTrace(items, requestID: requestID, sampler: sampler)
        if let parent = trace.header {
            headers.append(("traceparent", parent))
            if let state = trace.state { headers.append(("tracestate", state)) }
        }
        return HTTPRequest(method: "POST", url: "\(baseURL)/wp-json/ai-guy/v1/batch", headers: headers, body: body, caFile: caFile)
    }
}
