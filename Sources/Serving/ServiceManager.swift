import Foundation

/// What systemd wants to know of a service with `Type=notify`: a word to the socket that NOTIFY_SOCKET names (sd_notify(3)).
public enum ServiceManager {
    /// Does nothing where nobody asks. A word that does not arrive is no reason to stop serving: systemd's time-out says so.
    public static func tell(_ state: String, at path: String? = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"]) {
        guard let path, var address = address(path) else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        let bytes = Array(state.utf8)
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, size)
            }
        }
    }

    /// A path, or with `@` before it a name of Linux's own (unix(7), "abstract").
    private static func address(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        var bytes = Array(path.utf8)
        guard let first = bytes.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@"),
            bytes.count < MemoryLayout.size(ofValue: address.sun_path)
        else { return nil }
        if first == UInt8(ascii: "@") { bytes[0] = 0 }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }
}
