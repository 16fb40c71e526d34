import Common

/// An answer, ready to be written in CGI's form (RFC 3875, section 6).
struct Reply: Sendable, Equatable {
    var status: Int
    var fields: [(name: String, value: String)] = []
    var contentType: String?
    var body: Bytes = []

    init(status: Int, fields: [(name: String, value: String)] = [], contentType: String? = nil, body: Bytes = []) {
        self.status = status
        self.fields = fields
        self.contentType = contentType
        self.body = body
    }

    static func == (left: Self, right: Self) -> Bool {
        left.status == right.status && left.contentType == right.contentType && left.body == right.body
            && left.fields.elementsEqual(right.fields) { $0 == $1 }
    }

    init(_ acknowledgement: Acknowledgement) {
        self.init(status: acknowledgement.status, contentType: acknowledgement.contentType, body: Bytes(acknowledgement.body.utf8))
    }

    static func json(_ status: Int, _ body: Bytes) -> Reply { Reply(status: status, contentType: "application/json", body: body) }

    static func text(_ body: Bytes) -> Reply { Reply(status: 200, contentType: "text/plain; charset=utf-8", body: body) }

    /// What a provider hears of its events: all of them once they are on disk.
    static func stored(_ outcomes: [StoreOutcome], as acknowledgement: Acknowledgement? = nil) -> Reply {
        if let acknowledgement { return Reply(acknowledgement) }
        let isNew = outcomes.contains { if case .stored = $0 { true } else { false } }
        var body = Bytes()
        body.reserveCapacity(96)
        body.append(isNew || outcomes.isEmpty ? "{\"status\":\"queued\"" : "{\"status\":\"duplicate\"")
        if outcomes.count == 1 {
            body.append(",\"event_id\":\"")
            body.append(contentsOf: outcomes[0].eventID.utf8)
            body.append("\"}")
        } else {
            body += Array(",\"event_ids\":[\(outcomes.map { "\"\($0.eventID)\"" }.joined(separator: ","))]}".utf8)
        }
        return .json(isNew || outcomes.isEmpty ? 202 : 200, body)
    }

    /// A problem (RFC 9457) that names the status and nothing else.
    /// - Parameter isBare: without a body, for a provider that wants none.
    static func refused(_ refusal: Refusal, isBare: Bool = false) -> Reply {
        let status = refusal.status
        if isBare, status == 401 { return Reply(status: status) }
        var reply = Reply(status: status, contentType: "application/problem+json")
        reply.body = Bytes("{\"type\":\"about:blank\",\"title\":\"\(title(of: status))\",\"status\":\(status)}".utf8)
        if case .method(_, let allowed) = refusal { reply.fields.append(("Allow", allowed)) }
        if status == 503 { reply.fields.append(("Retry-After", "5")) }
        return reply
    }

    /// The secret's own header sent back, as Asana wants it.
    static func echo(_ handed: HandedSecret) -> Reply {
        guard let header = handed.header else { return Reply(status: 200) }
        return Reply(status: 200, fields: [(header, handed.secret.exposed)])
    }

    func bytes(requestID: String) -> Bytes {
        var text = Bytes()
        text.reserveCapacity(256 + body.count)
        text.append("Status: ")
        text.append(contentsOf: String(status).utf8)
        text.append(" ")
        text.append(contentsOf: Self.title(of: status).utf8)
        Self.append("\r\nX-Request-Id", requestID, to: &text)
        for (name, value) in fields { text += Array("\(name): \(value)\r\n".utf8) }
        if let contentType { Self.append("Content-Type", contentType, to: &text) }
        // A 204 has no length (RFC 9110, 8.6).
        if status != 204 { Self.append("Content-Length", String(body.count), to: &text) }
        text.append("Cache-Control: no-store\r\n\r\n")
        text += body
        return text
    }

    private static func append(_ name: StaticString, _ value: String, to text: inout Bytes) {
        text.append(name)
        text.append(": ")
        text.append(contentsOf: value.utf8)
        text.append("\r\n")
    }

    private static func title(of status: Int) -> String {
        switch status {
        case 200: "OK"
        case 202: "Accepted"
        case 204: "No Content"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 503: "Service Unavailable"
        default: "Status \(status)"
        }
    }
}
