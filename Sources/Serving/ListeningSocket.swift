import Foundation

/// The socket on which the web server calls. systemd's or spawn-fcgi's descriptor 0, or one that we open on a path.
public struct ListeningSocket: Sendable {
    public enum Failure: Error, CustomStringConvertible {
        case path(String, reason: String)
        case inUse(String)

        public var description: String {
            switch self {
            case .path(let path, let reason): "cannot listen on \(path): \(reason); check that its directory exists and is writable"
            case .inUse(let path): "cannot listen on \(path): another process answers there; stop it or choose another --socket"
            }
        }
    }

    public let descriptor: Int32
    /// Ours to remove at the end; nil for a socket that was given to us.
    private let path: String?
    /// The file that we made there; a successor may have put its own in its place.
    private let inode: UInt64

    /// Descriptor 0 where it is a listening socket, nil otherwise.
    public static func inherited() -> ListeningSocket? {
        var listening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(0, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0, listening != 0 else { return nil }
        makeNonBlocking(0)
        return ListeningSocket(descriptor: 0, path: nil, inode: 0)
    }

    /// A Unix socket that its group may use; a dead process's socket in the way is replaced.
    public static func open(path: String, backlog: Int32 = 1024) throws(Failure) -> ListeningSocket {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else { throw .path(path, reason: "the path is longer than \(capacity - 1) bytes") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw .path(path, reason: String(cString: strerror(errno))) }
        if call(connect, socket, address) == 0 {
            close(socket)
            throw .inUse(path)
        }
        if errno == ECONNREFUSED { unlink(path) }
        guard call(bind, socket, address) == 0, chmod(path, 0o660) == 0, listen(socket, backlog) == 0 else {
            let reason = String(cString: strerror(errno))
            close(socket)
            throw .path(path, reason: reason)
        }
        makeNonBlocking(socket)
        return ListeningSocket(descriptor: socket, path: path, inode: Self.inode(of: path))
    }

    /// The next waiting connection, with time-outs so that a stalled web server cannot hold a turn for ever. Nil when nobody waits.
    public func accept() -> Int32? {
        let connection = Glibc.accept(descriptor, nil, nil)
        guard connection >= 0 else { return nil }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return connection
    }

    /// Nobody will accept after us what waits there. systemd's socket outlives the process.
    public var endsWithUs: Bool { path != nil }

    /// Removes the path that we made, so that nobody calls any more.
    public func remove() {
        if let path, Self.inode(of: path) == inode { unlink(path) }
    }

    private static func inode(of path: String) -> UInt64 {
        var info = stat()
        return stat(path, &info) == 0 ? UInt64(info.st_ino) : 0
    }

    /// Several turns poll it: one that comes second must not wait in accept(2).
    private static func makeNonBlocking(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32, _ socket: Int32, _ address: sockaddr_un
    ) -> Int32 {
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { function(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}
