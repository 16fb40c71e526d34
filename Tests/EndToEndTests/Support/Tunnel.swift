import Common
import Foundation

/// An HTTP proxy that knows CONNECT (RFC 9110, 9.3.6) and brings everybody to one port of this machine, whatever name was asked for.
final class Tunnel: Sendable {
    let port: Int
    private let socket: Int32
    private let target: Int

    init(to target: Int) throws {
        self.target = target
        (socket, port) = try Loopback.listen()
        Thread.detachNewThread { [socket, target] in
            while true {
                let client = Glibc.accept(socket, nil, nil)
                guard client >= 0 else { return }
                Thread.detachNewThread { Self.serve(client, target) }
            }
        }
    }

    func close() { shutdown(socket, Int32(SHUT_RDWR)) }

    private static func serve(_ client: Int32, _ target: Int) {
        var head = Bytes()
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard head.count < 8192, recv(client, &byte, 1, 0) == 1 else { return _ = Glibc.close(client) }
            head.append(byte)
        }
        guard head.starts(with: "CONNECT ".utf8), let server = Loopback.connect(target) else { return _ = Glibc.close(client) }
        let answer = Bytes("HTTP/1.1 200 OK\r\n\r\n".utf8)
        send(client, answer, answer.count, Int32(MSG_NOSIGNAL))
        Thread.detachNewThread { copy(server, client) }
        copy(client, server)
    }

    /// Until either side ends; the descriptors are the process's until then, as in any short-lived test.
    private static func copy(_ source: Int32, _ sink: Int32) {
        var buffer = Bytes(repeating: 0, count: 16384)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0, send(sink, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(sink, Int32(SHUT_WR))
    }
}
