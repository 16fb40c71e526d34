import Common
import Foundation
import Testing

/// One FastCGI connection, record by record (FastCGI 1.0, section 3.3), for what nginx never does.
final class FastCGIClient {
    private let socket: Int32

    init(path: String) throws {
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let done = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard done == 0 else { throw TestFailure("cannot connect to \(path)") }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(socket) }

    /// Begins a request on a connection that is to be kept, with its parameters and its body, but without the record that ends the body.
    func begin(_ parameters: [String: String], body: Bytes) throws {
        var pairs = Bytes()
        for (name, value) in parameters { pairs += Self.length(name.utf8.count) + Self.length(value.utf8.count) + name.utf8 + value.utf8 }
        try send(Self.record(1, [0, 1, 1, 0, 0, 0, 0, 0]) + Self.record(4, pairs) + Self.record(4, []) + Self.record(5, body))
    }

    func endBody() throws { try send(Self.record(5, [])) }

    /// The request's whole standard output.
    func answer() throws -> String {
        var output = Bytes()
        while true {
            let header = try receive(8)
            let content = try receive(Int(header[4]) << 8 | Int(header[5]))
            _ = try receive(Int(header[6]))
            if header[1] == 6 { output += content }
            if header[1] == 3 { return String(decoding: output, as: UTF8.self) }
        }
    }

    private func send(_ bytes: Bytes) throws {
        guard bytes.withUnsafeBytes({ Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }) == bytes.count else {
            throw TestFailure("ingest has closed the connection")
        }
    }

    private func receive(_ count: Int) throws -> Bytes {
        var bytes = Bytes()
        var buffer = Bytes(repeating: 0, count: 65536)
        while bytes.count < count {
            let got = recv(socket, &buffer, count - bytes.count, 0)
            guard got > 0 else { throw TestFailure("ingest has closed the connection without an answer") }
            bytes += buffer[..<got]
        }
        return bytes
    }

    private static func record(_ type: UInt8, _ content: Bytes) -> Bytes {
        [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 255), 0, 0] + content
    }

    private static func length(_ count: Int) -> Bytes {
        count < 128 ? [UInt8(count)] : [UInt8(count >> 24 | 128), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)]
    }
}

extension Sandbox {
    var socketPath: String { folder.appending(path: "ingest.sock").path }

    /// Parameters of a signed Stripe post, as nginx would pass them.
    static func stripeParameters(_ body: String) throws -> [String: String] {
        let provider = try #require(SourceName("stripe").flatMap(Catalogue.provider(for:)))
        let request = SignedRequest(method: "POST", url: "", headers: HeaderFields(), body: Bytes(body.utf8))
        let signed = try #require(try provider.schemes[0].sign(request, with: Bytes("whsec_acme".utf8), now: WallClock.system.now()))
        return [
            "REQUEST_METHOD": "POST", "PATH_INFO": "/api/webhooks/stripe/ingest", "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": "\(body.utf8.count)", "HTTP_STRIPE_SIGNATURE": signed[0].value,
        ]
    }
}
