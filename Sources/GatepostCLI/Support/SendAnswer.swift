import Common
import Transport

/// What the gateway said to a post.
struct SendAnswer {
    let response: HTTPResponse
    let url: String

    private var requestID: String? { response.header("x-request-id") }

    var json: JSONTree {
        let body = (try? JSONDocument(response.body)).map { JSONTree($0.root) } ?? .string(String(decoding: response.body, as: UTF8.self))
        return ["url": .string(url), "status": JSONTree(response.status), "request_id": JSONTree(requestID), "body": body]
    }

    func print() {
        var table = Table([])
        table.add(["status", String(response.status)])
        table.add(["request id", requestID])
        table.add(["answer", String(decoding: response.body, as: UTF8.self)])
        Output.table(table)
    }
}
