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
        let isNew = outcomes.isEmpty || outcomes.contains { if case .stored = $0 { true } else { false } }
        let body = Bytes.written(atMost: outcomes.reduce(64) { $0 + $1.eventID.utf8.count + 3 }) { body in
            body.append("{\"status\":\"")
            body.append(isNew ? "queued" : "duplicate")
            body.append(outcomes.count == 1 ? "\",\"event_id\":\"" : "\",\"event_ids\":[")
            if outcomes.count == 1 {
                body.append(outcomes[0].eventID)
                body.append("\"}")
                return
            }
            for (place, outcome) in outcomes.enumerated() {
                body.append(place == 0 ? "\"" : ",\"")
                body.append(outcome.eventID)
                body.append("\"")
            }
            body.append("]}")
        }
        return .json(isNew ? 202 : 200, body)
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
        let title = Self.title(of: status)
        let named = fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        let room = 160 + title.utf8.count + requestID.utf8.count + (contentType?.utf8.count ?? 0) + named + body.count
        return Bytes.written(atMost: room) { text in
            text.append("Status: ")
            text.append(decimal: status)
            text.append(" ")
            text.append(title)
            text.append("\r\nX-Request-Id: ")
            text.append(requestID)
            for (name, value) in fields {
                text.append("\r\n")
                text.append(name)
                text.append(": ")
                text.append(value)
            }
            if let contentType {
                text.append("\r\nContent-Type: ")
                text.append(contentType)
            }
            // A 204 has no length (RFC 9110, 8.6).
            if status != 204 {
                text.append("\r\nContent-Length: ")
                text.append(decimal: body.count)
            }
            text.append("\r\nCache-Control: no-store\r\n\r\n")
            text.append(body)
        }
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
