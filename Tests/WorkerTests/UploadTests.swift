import Foundation
import Synchronization
import Testing
import Transport

/// A server on 127.0.0.1 that reads whole requests and answers as it is told: on each connection so many, and then it hangs up on the next.
private final class Server: Sendable {
    let port: Int
    private let socket: Int32
    private let heard = Mutex<[[UInt8]]>([])

    /// Bodies in the order they came, those that had no answer too.
    var bodies: [[UInt8]] { heard.withLock { $0 } }

    init(answers perConnection: [Int]) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (descriptor, length) = (socket, size)
        let isUp = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 5) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        try #require(isUp)
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in perConnection.forEach(serve) }
    }

    deinit { close(socket) }

    private func serve(_ answers: Int) {
        let connection = accept(socket, nil, nil)
        defer { close(connection) }
        for number in 0...answers {
            guard let body = request(connection) else { return }
            heard.withLock { $0.append(body) }
            guard number < answers else { return }
            let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)
            send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
        }
    }

    private func request(_ connection: Int32) -> [UInt8]? {
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while true {
            if let end = text.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
                let lines = String(decoding: text[..<end], as: UTF8.self).lowercased().split(separator: "\r\n")
                let length = lines.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
                if text.count - end >= length { return Array(text[end...]) }
            }
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            text += piece[..<count]
        }
    }
}

/// A body is read by libcurl while it is sent, and must come whole and unchanged however often that begins.
@Suite struct UploadTests {
    private func post(_ bodies: [[UInt8]], to server: Server) throws -> [Int] {
        let transfers = try Transfers<Int>(
            options: .init(connectTimeout: .seconds(5), timeout: .seconds(20), userAgent: "test"), mostPerHost: 1)
        return try bodies.map { body in
            let request = HTTPRequest(
                method: "POST", url: "http://127.0.0.1:\(server.port)/", headers: [("Content-Type", "application/json")], body: body)
            try transfers.start(request, tag: 0)
            while transfers.count > 0 {
                for (_, result) in transfers.wait(milliseconds: 500) { return try result.get().status }
            }
            return 0
        }
    }

    private func body(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) } }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 2_000_000])
    func comesWhole(_ count: Int) throws {
        let server = try Server(answers: [1])
        #expect(try post([body(count)], to: server) == [200])
        #expect(server.bodies == [body(count)])
    }

    /// A kept connection is closed by the other side just as the next request is on its way: libcurl begins it anew on another.
    @Test(arguments: [10, 300_000])
    func beginsAnewWhereAKeptConnectionWasClosed(_ count: Int) throws {
        let server = try Server(answers: [1, 1])
        #expect(try post([body(5), body(count)], to: server) == [200, 200])
        #expect(server.bodies == [body(5), body(count), body(count)])
    }
}
