import Common
import Foundation

/// The real WordPress once more, with files and a web server of its own, so that it can be made ill while others use it: the same PHP and,
/// where nothing says otherwise, the same database.
final class IllSite: Sendable {
    /// What is done to it. Nothing of it reaches the site that it is made from.
    struct Illness: Sendable {
        /// In its folder.
        var files: [String: String] = [:]
        /// Lines of `wp-config.php` that begin like the first are replaced by the second.
        var configuration: (start: String, line: String)?
        /// Inside the location that leads to PHP.
        var nginx = ""
    }

    let url: String
    let root: URL
    private let nginx: Daemon

    init(of site: WordPressSite, _ illness: Illness) async throws {
        let (original, socket) = (try site.setting("WORDPRESS_ROOT"), try site.setting("WORDPRESS_DB_SOCKET"))
        let port = try Loopback.freePort()
        url = "http://127.0.0.1:\(port)"
        root = URL(filePath: original).deletingLastPathComponent().appending(path: "ill-\(UUID().uuidString.prefix(8).lowercased())")
        // Links, not copies: what is changed below is a file of its own.
        let copied = try await finish("/bin/cp", ["-al", original, root.path])
        guard copied.succeeded else { throw TestFailure("cp: \(copied.errors)") }
        try Self.configure(root, url: url, illness.configuration)
        for (name, text) in illness.files { try Self.replace(root.appending(path: name), by: text) }
        let folder = root.appending(path: "nginx")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let fpm = URL(filePath: socket).deletingLastPathComponent().appending(path: "fpm").path
        try Data(Self.nginx(folder.path, root: root.path, port: port, fpm: fpm, illness.nginx).utf8)
            .write(to: folder.appending(path: "nginx.conf"))
        nginx = try await Daemon.start(
            "/usr/sbin/nginx", ["-p", folder.path, "-c", folder.appending(path: "nginx.conf").path, "-g", "daemon off;"],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], log: folder.appending(path: "nginx.log"))
        try await eventually("the ill site listens") { Loopback.connect(port).map { Glibc.close($0) } != nil }
    }

    func remove() async throws {
        try await nginx.stop()
        try FileManager.default.removeItem(at: root)
    }

    private static func configure(_ root: URL, url: String, _ change: (start: String, line: String)?) throws {
        let file = root.appending(path: "wp-config.php")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if let change, line.hasPrefix(change.start) { return change.line }
            if line.hasPrefix("define( 'WP_HOME'") || line.hasPrefix("define( 'WP_SITEURL'") {
                return "\(line.prefix { $0 != "," }), '\(url)' );"
            }
            return String(line)
        }
        try replace(file, by: lines.joined(separator: "\n"))
    }

    /// A new file in the old one's place: the old one is the healthy site's.
    private static func replace(_ file: URL, by text: String) throws {
        try? FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private static func nginx(_ folder: String, root: String, port: Int, fpm: String, _ more: String) -> String {
        let temporary = ["client_body", "fastcgi", "proxy", "scgi", "uwsgi"].map { "\($0)_temp_path \(folder)/tmp_\($0);" }
        let authorization = more.contains("HTTP_AUTHORIZATION") ? "" : "fastcgi_param HTTP_AUTHORIZATION $http_authorization;"
        return """
            \(getuid() == 0 ? "user root;" : "")
            worker_processes 1; pid \(folder)/nginx.pid; error_log \(folder)/error.log;
            events { worker_connections 64; }
            http {
                access_log off; client_max_body_size 16m; \(temporary.joined(separator: " "))
                server {
                    listen 127.0.0.1:\(port);
                    root \(root);
                    location / { try_files $uri $uri/ /index.php?$args; }
                    location ~ \\.php$ {
                        include /etc/nginx/fastcgi_params;
                        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
                        \(authorization)
                        \(more)
                        fastcgi_pass unix:\(fpm);
                    }
                }
            }
            """
    }
}
