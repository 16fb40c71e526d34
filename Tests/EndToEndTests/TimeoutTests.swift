import Common
import Foundation
import Testing

/// Who is silent: the operator looks there.
@Suite struct TimeoutTests {
    private static let yaml = "worker:\n  connect-timeout: 1s\n  timeout: 2s\n  retry-base: 3600s\n"

    private func cause(_ sandbox: Sandbox, push: () async throws -> Finished) async throws -> String? {
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        let run = try await push()
        let causes = try sandbox.rows("SELECT cause FROM job_execution").map { $0["cause"] as String? }
        try #require(causes.count == 1, "\(run.errors)")
        try await ingest.stop()
        return causes[0]
    }

    /// As if a firewall dropped it (the kernel answers nobody while so many wait to be accepted), and a server that takes it and says nothing.
    @Test(arguments: [(Int32(0), "connect"), (Int32(100), "timeout")])
    func aServerThatSaysNothing(backlog: Int32, expected: String) async throws {
        let (server, port) = try Loopback.listen(backlog: backlog)
        let first = try #require(Loopback.connect(port))
        let sandbox = try await Sandbox(wordpress: "http://127.0.0.1:\(port)", yaml: Self.yaml)
        #expect(try await cause(sandbox) { try await sandbox.worker() } == expected)
        close(first)
        close(server)
        try await sandbox.remove()
    }

    /// Whether a resolv.conf of one's own can be mounted: CAP_SYS_ADMIN and CAP_NET_BIND_SERVICE (capabilities(7)).
    private static var isPrivileged: Bool {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let bits = line.flatMap { UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) } ?? 0
        return bits >> 21 & 1 == 1 && bits >> 10 & 1 == 1
    }

    @Test(.enabled(if: isPrivileged, "root alone has port 53 and a resolv.conf of its own"))
    func aResolverThatSaysNothing() async throws {
        let sandbox = try await Sandbox(wordpress: "https://shop.example", yaml: Self.yaml)
        let resolver = try await Daemon.start(
            "/usr/bin/python3",
            ["-c", "import socket\near = socket.socket(type=socket.SOCK_DGRAM)\near.bind(('127.0.0.83', 53))\nwhile True: ear.recv(1)"],
            environment: [:], log: sandbox.folder.appending(path: "resolver.log"))
        try await eventually("the resolver listens") {
            try String(contentsOfFile: "/proc/net/udp", encoding: .utf8).contains(" 5300007F:0035 ")
        }
        let own = sandbox.folder.appending(path: "resolv.conf").path
        try Data("nameserver 127.0.0.83\noptions timeout:3 attempts:1\n".utf8).write(to: URL(filePath: own))
        let found = try await cause(sandbox) {
            try await finish(
                "/usr/bin/unshare",
                ["--mount", "sh", "-c", "mount --bind \(own) /etc/resolv.conf && exec \(Programs.worker) --once"],
                environment: sandbox.environment)
        }
        #expect(found == "dns")
        #expect(try sandbox.count("attempt WHERE error LIKE '%Resolving timed out%'") == 1)
        try await resolver.stop()
        try await sandbox.remove()
    }
}
