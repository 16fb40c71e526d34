import Foundation
import Testing

@testable import Serving

/// What `systemctl` waits for.
@Suite struct ServiceManagerTests {
    @Test(arguments: ["/tmp/gatepost-notify-", "@gatepost-notify-"])
    func tells(_ beginning: String) throws {
        let path = beginning + UUID().uuidString.prefix(8)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer {
            close(descriptor)
            unlink(path)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(2 + bytes.count)) }
        }
        try #require(bound == 0)
        ServiceManager.tell("READY=1", at: path)
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "READY=1")
    }

    @Test(arguments: [nil, "", "relative", "/nobody/listens", "/" + String(repeating: "x", count: 200)])
    func doesNothingWhereNobodyAsks(_ path: String?) { ServiceManager.tell("READY=1", at: path) }
}
