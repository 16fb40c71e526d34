import Common
import Foundation
import Synchronization
import Transport

/// A WordPress for faults that the real one can't be asked for: answers each request as the test says, and remembers what it was asked.
final class StandIn: Sendable {
    struct Item: Sendable, Equatable {
        let route: String
        let key: String
        let eventIDs: [String]
        let email: String?
        let payload: String
    }

    struct Call: Sendable {
        let path: String
        let headers: [String: String]
        let body: Bytes
        let items: [Item]
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = ["Content-Type": "application/json"]
        var body: Bytes = []
        /// Nothing is sent at all; the connection is closed.
        var hangsUp = false

        static func status(_ status: Int, headers: [String: String] = [:], body: String = "") -> Answer {
            Answer(status: status, headers: headers, body: Bytes(body.utf8))
        }

        /// As the plugin answers: each item applied, but for those that `refusing` names a status for.
        static func applied(_ call: Call, refusing: (Item) -> Int? = { _ in nil }) -> Answer {
            let results = call.items.map { item in
                let status = refusing(item)
                return "{\"idempotency_key\":\"\(item.key)\",\"status\":\(status ?? 200),"
                    + "\"outcome\":\"\(status == nil ? "applied" : "refused")\",\"error\":\(status == nil ? "null" : "\"gatepost_refused: no\"")}"
            }
            return Answer(body: Bytes("{\"results\":[\(results.joined(separator: ","))]}".utf8))
        }
    }

    let url: String
    private let socket: Int32
    private let seen = Mutex<[Call]>([])
    private let answer: Mutex<@Sendable (Call, Int) -> Answer>

    /// - Parameter answer: gets the call and its number, from 0.
    init(_ answer: @escaping @Sendable (Call, Int) -> Answer = { call, _ in .applied(call) }) throws {
        self.answer = Mutex(answer)
        let listening = try Loopback.listen()
        socket = listening.socket
        url = "http://127.0.0.1:\(listening.port)"
        Thread.detachNewThread { [self] in
            while true {
                let connection = Glibc.accept(socket, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    deinit { close() }

    func close() { shutdown(socket, Int32(SHUT_RDWR)) }

    var calls: [Call] { seen.withLock { $0 } }

    func answers(_ change: @escaping @Sendable (Call, Int) -> Answer) { answer.withLock { $0 = change } }

    private func serve(_ connection: Int32) {
        defer { Glibc.close(connection) }
        var pending = Bytes()
        while let call = read(connection, &pending) {
            let number = seen.withLock { calls in
                calls.append(call)
                return calls.count - 1
            }
            let answer = answer.withLock { $0 }(call, number)
            guard !answer.hangsUp else { return }
            var head = "HTTP/1.1 \(answer.status) Answer\r\nContent-Length: \(answer.body.count)\r\n"
            for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
            let bytes = Array((head + "\r\n").utf8) + answer.body
            guard bytes.withUnsafeBytes({ send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }) == bytes.count else { return }
        }
    }

    private func read(_ connection: Int32, _ pending: inout Bytes) -> Call? {
        let end = Bytes("\r\n\r\n".utf8)
        var buffer = Bytes(repeating: 0, count: 65536)
        var head: Range<Int>?
        var length = 0
        while true {
            if head == nil, let found = pending.firstRange(of: end) {
                head = found
                let lines = String(decoding: pending[..<found.lowerBound], as: UTF8.self).lowercased()
                length = lines.components(separatedBy: "content-length: ").dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
            }
            if let head, pending.count >= head.upperBound + length { break }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            pending += buffer[..<count]
        }
        guard let head else { return nil }
        let lines = String(decoding: pending[..<head.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let body = Bytes(pending[head.upperBound..<head.upperBound + length])
        pending.removeFirst(head.upperBound + length)
        let headers = lines.dropFirst().compactMap { line -> (String, String)? in
            line.firstIndex(of: ":").map { (line[..<$0].lowercased(), line[line.index(after: $0)...].trimmingCharacters(in: .whitespaces)) }
        }
        return Call(
            path: String(lines[0].split(separator: " ")[1]), headers: Dictionary(headers) { first, _ in first }, body: body,
            items: Self.items(in: body))
    }

    private static func items(in body: Bytes) -> [Item] {
        guard let items = (try? JSONDocument(body))?.root["items"] else { return [] }
        return items.elements.map { item in
            let payload = item["payload"]
            let ids = payload?["event_ids"]?.elements.compactMap(\.string) ?? [payload?["event_id"]?.string ?? ""]
            return Item(
                route: item["route"]?.string ?? "", key: item["idempotency_key"]?.string ?? "", eventIDs: ids,
                email: payload?["actor"]?["email"]?.string, payload: payload.map { String(decoding: $0.raw, as: UTF8.self) } ?? "")
        }
    }
}
