import Common
import Foundation
import Transport

/// A provider's HTTPS host on 127.0.0.1: an authority of its own, nginx with a certificate of it, and a proxy in front that brings whoever
/// asks for the provider's name there. The worker under test is the real one: it is told of both by `trust-anchors` and `https_proxy`.
final class ProviderHost: Sendable {
    let folder: URL
    private let nginx: Daemon
    private let proxy: Tunnel

    /// - Parameter names: that the host answers to.
    init(names: [String]) async throws {
        let parent = ProcessInfo.processInfo.environment["GATEPOST_TEST_FOLDER"] ?? "/tmp"
        let folder = URL(filePath: "\(parent)/gatepost-host-\(UUID().uuidString.prefix(8).lowercased())")
        try FileManager.default.createDirectory(at: folder.appending(path: "files"), withIntermediateDirectories: true)
        self.folder = folder
        let port = try Loopback.freePort()
        proxy = try Tunnel(to: port)
        let names = names.map { "DNS:\($0)" }.joined(separator: ",")
        for arguments in [
            "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 30 -subj /CN=root",
            "req -newkey rsa:2048 -nodes -keyout host.key -out host.csr -subj /CN=host -addext subjectAltName=\(names)",
            "x509 -req -in host.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 -copy_extensions copyall -out host.pem",
        ] { try await Self.openssl(arguments, in: folder) }
        let user = getuid() == 0 ? "user root;" : ""
        let temporary = ["client_body", "fastcgi", "proxy", "scgi", "uwsgi"].map { "\($0)_temp_path \(folder.path)/tmp_\($0);" }
        let configuration = """
            \(user)
            worker_processes 1; pid \(folder.path)/nginx.pid; error_log \(folder.path)/nginx-error.log;
            events { worker_connections 64; }
            http {
                log_format asked '$request_method https://$host$request_uri $status';
                access_log \(folder.path)/asked.log asked; \(temporary.joined(separator: " "))
                server {
                    listen 127.0.0.1:\(port) ssl;
                    ssl_certificate \(folder.path)/host.pem; ssl_certificate_key \(folder.path)/host.key;
                    root \(folder.path)/files;
                    location = / { return 200 "<ConfirmSubscriptionResponse/>"; }
                    location /elsewhere/ { return 302 https://example.net/; }
                }
            }
            """
        try Data(configuration.utf8).write(to: folder.appending(path: "nginx.conf"))
        nginx = try await Daemon.start(
            "/usr/sbin/nginx", ["-p", folder.path, "-c", folder.appending(path: "nginx.conf").path, "-g", "daemon off;"],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], log: folder.appending(path: "nginx.log"))
        try await eventually("the provider's host listens") { Loopback.connect(port).map { Glibc.close($0) } != nil }
    }

    func remove() async throws {
        proxy.close()
        try await nginx.stop()
        try FileManager.default.removeItem(at: folder)
    }

    /// What the settings file says of it.
    var yaml: String { "trust-anchors: \(folder.path)/root.pem\n" }

    /// What the worker is started with.
    var environment: [String: String] { ["https_proxy": "http://127.0.0.1:\(proxy.port)"] }

    /// Method, URL and status of each request.
    var asked: [String] {
        let log = (try? String(contentsOf: folder.appending(path: "asked.log"), encoding: .utf8)) ?? ""
        return log.split(separator: "\n").map(String.init)
    }

    /// Makes a signing certificate with this name and has it fetched from that path.
    func publish(_ name: String, at path: String) async throws {
        for arguments in [
            "req -newkey rsa:2048 -nodes -keyout signer.key -out signer.csr -subj /CN=\(name)",
            "x509 -req -in signer.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 -out signer.pem",
        ] { try await Self.openssl(arguments, in: folder) }
        let file = folder.appending(path: "files\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: folder.appending(path: "signer.pem"), to: file)
    }

    /// Base 64 of the signature that the published certificate's key makes.
    func sign(_ text: String) async throws -> String {
        try Data(text.utf8).write(to: folder.appending(path: "text"))
        try await Self.openssl("dgst -sha256 -sign signer.key -out signature text", in: folder)
        return try Data(contentsOf: folder.appending(path: "signature")).base64EncodedString()
    }

    static func openssl(_ arguments: String, in folder: URL) async throws {
        let result = try await finish("/usr/bin/env", ["-C", folder.path, "openssl"] + arguments.split(separator: " ").map(String.init))
        guard result.succeeded else { throw TestFailure("openssl \(arguments): \(result.errors)") }
    }
}
