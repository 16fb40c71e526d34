import Common
import Foundation
import Testing

@Suite struct ResolverTests {
    /// Its silence is no WordPress that is slow.
    @Test(.enabled(if: getuid() == 0, "root alone has port 53 and a resolv.conf of its own"))
    func aResolverThatSaysNothing() async throws {
        let yaml = "worker:\n  connect-timeout: 1s\n  retry-base: 3600s\n"
        let sandbox = try await Sandbox(wordpress: "https://shop.example", yaml: yaml)
        let resolver = try await Daemon.start(
            "/usr/bin/python3",
            ["-c", "import socket\near = socket.socket(type=socket.SOCK_DGRAM)\near.bind(('127.0.0.83', 53))\nwhile True: ear.recv(1)"],
            environment: [:], log: sandbox.folder.appending(path: "resolver.log"))
        let own = sandbox.folder.appending(path: "resolv.conf").path
        try Data("nameserver 127.0.0.83\noptions timeout:3 attempts:1\n".utf8).write(to: URL(filePath: own))
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        let run = try await finish(
            "/usr/bin/unshare",
            ["--mount", "sh", "-c", "mount --bind \(own) /etc/resolv.conf && exec \(Programs.worker) --once"],
            environment: sandbox.environment)
        #expect(try sandbox.rows("SELECT cause FROM job_execution").map { $0["cause"] as String? } == ["dns"], "\(run.errors)")
        try await ingest.stop()
        try await resolver.stop()
        try await sandbox.remove()
    }
}
