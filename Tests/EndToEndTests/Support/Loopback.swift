import Glibc
import Synchronization

/// Sockets on 127.0.0.1.
enum Loopback {
    /// A port for a program that takes one by number. Not of those that the kernel gives to outgoing connections (32768 and above unless
    /// told otherwise), or a client of another test could have it before the program does; never the same twice in a run.
    static func freePort() throws -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: 20_000..<32_000)
            guard given.withLock({ $0.insert(port).inserted }), let socket = bound(to: port) else { continue }
            close(socket)
            return port
        }
        throw TestFailure("no free port")
    }

    private static let given = Mutex<Set<Int>>([])

    /// A socket that listens from the start, on a port that the kernel chose.
    static func listen(backlog: Int32 = 128) throws -> (socket: Int32, port: Int) {
        guard let socket = bound(to: 0), Glibc.listen(socket, backlog) == 0 else { throw TestFailure("cannot listen: errno \(errno)") }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let known = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) == 0 }
        }
        guard known else { throw TestFailure("cannot listen: errno \(errno)") }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }

    static func connect(_ port: Int) -> Int32? {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if with(port, { Glibc.connect(socket, $0, $1) }) == 0 { return socket }
        close(socket)
        return nil
    }

    private static func bound(to port: Int) -> Int32? {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        if with(port, { bind(socket, $0, $1) }) == 0 { return socket }
        close(socket)
        return nil
    }

    private static func with<Value>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
