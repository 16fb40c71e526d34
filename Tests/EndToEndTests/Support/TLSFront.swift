import Common
import Foundation

/// nginx that speaks TLS on 127.0.0.1 before a WordPress that does not, with a certificate of an authority of its own.
final class TLSFront: Sendable {
    let folder: URL
    let url: String
    private let nginx: Daemon

    /// - Parameters:
    ///   - target: where requests go on to, as in `http://127.0.0.1:8080`.
    ///   - name: that the certificate is for, as in `IP:127.0.0.1`.
    ///   - days: that it is good for; below 0 it has expired.
    init(before target: String, name: String, days: Int) async throws {
        let parent = ProcessInfo.processInfo.environment["GATEPOST_TEST_FOLDER"] ?? "/tmp"
        let folder = URL(filePath: "\(parent)/gatepost-tls-\(UUID().uuidString.prefix(8).lowercased())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.folder = folder
        for arguments in [
            "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 30 -subj /CN=root",
            "req -newkey rsa:2048 -nodes -keyout host.key -out host.csr -subj /CN=host -addext subjectAltName=\(name)",
            "x509 -req -in host.csr -CA root.pem -CAkey root.key -CAcreateserial -days \(days) -copy_extensions copyall -out host.pem",
        ] { try await ProviderHost.openssl(arguments, in: folder) }
        let port = try Loopback.freePort()
        url = "https://127.0.0.1:\(port)"
        let user = getuid() == 0 ? "user root;" : ""
        let temporary = ["client_body", "fastcgi", "proxy", "scgi", "uwsgi"].map { "\($0)_temp_path \(folder.path)/tmp_\($0);" }
        let configuration = """
            \(user)
            worker_processes 1; pid \(folder.path)/nginx.pid; error_log \(folder.path)/nginx-error.log;
            events { worker_connections 64; }
            http {
                access_log off; \(temporary.joined(separator: " "))
                server {
                    listen 127.0.0.1:\(port) ssl;
                    ssl_certificate \(folder.path)/host.pem; ssl_certificate_key \(folder.path)/host.key;
                    location / { proxy_pass \(target); proxy_set_header X-Forwarded-Proto https; }
                }
            }
            """
        try Data(configuration.utf8).write(to: folder.appending(path: "nginx.conf"))
        nginx = try await Daemon.start(
            "/usr/sbin/nginx", ["-p", folder.path, "-c", folder.appending(path: "nginx.conf").path, "-g", "daemon off;"],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], log: folder.appending(path: "nginx.log"))
        try await eventually("TLS is spoken") { Loopback.connect(port).map { Glibc.close($0) } != nil }
    }

    /// PEM file of the authority.
    var authority: String { folder.appending(path: "root.pem").path }

    func remove() async throws {
        try await nginx.stop()
        try FileManager.default.removeItem(at: folder)
    }
}
