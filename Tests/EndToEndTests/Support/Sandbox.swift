import Common
import Foundation
import GRDB
import Subprocess
import Synchronization
import Transport

/// A gateway of its own: a folder, nginx with the shipped snippets, ingest, and the worker on demand. Everything on 127.0.0.1.
final class Sandbox: Sendable {
    static let secrets = [
        "PROVIDER_SECRETS_STRIPE": "acme:whsec_acme_old,acme:whsec_acme,globex:whsec_globex",
        "PROVIDER_SECRETS_GITHUB": "acme:github-acme",
        "PROVIDER_SECRETS_HUBSPOT": "acme:hubspot-acme",
    ]

    let folder: URL
    let url: String
    let environment: [String: String]
    private let nginx: Daemon

    /// - Parameters:
    ///   - wordpress: every tenant's base URL.
    ///   - yaml: the settings file's text, if there is to be one.
    ///   - lines: of nginx's server block.
    init(wordpress: String? = nil, extra: [String: String] = [:], yaml: String? = nil, nginx lines: String = "") async throws {
        // A Unix socket's path must stay under 108 bytes, wherever the tree lies.
        let parent = ProcessInfo.processInfo.environment["GATEPOST_TEST_FOLDER"] ?? "/tmp"
        folder = URL(filePath: "\(parent)/gatepost-\(UUID().uuidString.prefix(8).lowercased())")
        try FileManager.default.createDirectory(at: folder.appending(path: "nginx"), withIntermediateDirectories: true)
        let port = try Loopback.freePort()
        url = "http://127.0.0.1:\(port)"
        var environment = Self.secrets.merging(extra) { $1 }
        environment["GATEPOST_DB"] = folder.appending(path: "gatepost.db").path
        environment["GATEPOST_SECRETS"] = folder.appending(path: "secrets.env").path
        environment["GATEPOST_CONFIG"] = folder.appending(path: "gatepost.yaml").path
        environment["HMAC_SHARED_SECRET"] = extra["HMAC_SHARED_SECRET"] ?? "shared-secret"
        environment["WORDPRESS_BASE_URL"] = wordpress
        environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        self.environment = environment
        try Data().write(to: folder.appending(path: "secrets.env"))
        try Data((yaml ?? "").utf8).write(to: folder.appending(path: "gatepost.yaml"))
        try Self.writeNginx(folder, port: port, lines)
        nginx = try await Daemon.start(
            "/usr/sbin/nginx", ["-p", folder.path, "-c", folder.appending(path: "nginx/nginx.conf").path, "-g", "daemon off;"],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], log: folder.appending(path: "nginx.log"))
        try await eventually("nginx listens") { (try? await self.request("GET", "/healthz").status) != nil }
    }

    func remove() async throws {
        try await nginx.stop()
        try FileManager.default.removeItem(at: folder)
    }

    private static func writeNginx(_ folder: URL, port: Int, _ lines: String) throws {
        let nginx = folder.appending(path: "nginx")
        let shipped = Programs.tree.appending(path: "nginx")
        try FileManager.default.createSymbolicLink(
            at: nginx.appending(path: "snippets"), withDestinationURL: shipped.appending(path: "snippets"))
        // As root nginx's workers are somebody else, who must reach the socket that this test's user owns.
        let user = getuid() == 0 ? "user root;" : ""
        let temporary = ["client_body", "fastcgi", "proxy", "scgi", "uwsgi"].map { "\($0)_temp_path \(folder.path)/tmp_\($0);" }
        let configuration = """
            \(user)
            worker_processes 1; pid \(folder.path)/nginx.pid; error_log \(folder.path)/nginx-error.log;
            events { worker_connections 1024; }
            http {
                \(temporary.joined(separator: " "))
                include \(shipped.path)/gatepost-http.conf;
                access_log \(folder.path)/access.log gatepost_json;
                include \(shipped.path)/gatepost-limits.conf;
                upstream gatepost_admin { server unix:\(folder.path)/admin.sock; }
                upstream gatepost_ingest { server unix:\(folder.path)/ingest.sock; keepalive 32; }
                server {
                    listen 127.0.0.1:\(port) backlog=1024;
                    \(lines)
                    include snippets/gatepost-webhooks.conf;
                    include snippets/gatepost-metrics.conf;
                    include snippets/gatepost-admin.conf;
                    # A source with a larger cap in nginx than in ingest, so that ingest's own shows.
                    location ~ ^/api/webhooks/github(?:/|$) { client_max_body_size 8m; include snippets/gatepost-pass.conf; }
                }
            }
            """
        try Data(configuration.utf8).write(to: nginx.appending(path: "nginx.conf"))
    }

    // MARK: Programs

    /// Starts ingest and waits until it answers.
    func ingest(_ extra: [String: String] = [:]) async throws -> Daemon {
        let daemon = try await Daemon.start(
            Programs.ingest, ["--socket", folder.appending(path: "ingest.sock").path], environment: environment.merging(extra) { $1 },
            log: folder.appending(path: "ingest.log"))
        try await eventually("ingest answers") { try await self.request("GET", "/healthz").status == 200 }
        return daemon
    }

    /// Starts gatepost-admin and waits until it answers.
    func admin() async throws -> Daemon {
        let daemon = try await Daemon.start(
            Programs.admin, ["--socket", folder.appending(path: "admin.sock").path], environment: environment,
            log: folder.appending(path: "admin.log"))
        try await eventually("gatepost-admin answers") { try await self.request("GET", "/metrics").status == 200 }
        return daemon
    }

    @discardableResult
    func worker(_ extra: [String: String] = [:]) async throws -> Finished {
        try await finish(Programs.worker, ["--once"], environment: environment.merging(extra) { $1 })
    }

    func worker(linger seconds: Int) async throws -> Finished {
        try await finish(Programs.worker, ["--once", "--linger", String(seconds)], environment: environment)
    }

    func gatepost(_ arguments: String..., extra: [String: String] = [:]) async throws -> Finished {
        try await gatepost(arguments, extra: extra)
    }

    func gatepost(_ arguments: [String], extra: [String: String] = [:]) async throws -> Finished {
        try await finish(Programs.gatepost, arguments, environment: environment.merging(extra) { $1 })
    }

    /// A command that is not waited for.
    func daemon(_ arguments: String...) async throws -> Daemon {
        try await Daemon.start(Programs.gatepost, arguments, environment: environment, log: folder.appending(path: "gatepost.log"))
    }

    /// An ingest that is expected to give up at once.
    func failingIngest(_ extra: [String: String]) async throws -> TerminationStatus {
        try await Daemon.start(
            Programs.ingest, ["--socket", folder.appending(path: "ingest.sock").path], environment: environment.merging(extra) { $1 },
            log: folder.appending(path: "ingest.log")
        ).wait()
    }

    // MARK: Requests

    func request(_ method: String, _ path: String, headers: [(name: String, value: String)] = [], body: Bytes = []) async throws
        -> HTTPResponse
    {
        try await exchange(HTTPRequest(method: method, url: url + path, headers: headers, body: body))
    }

    /// Posts a body as the provider would, signed now with the tenant's last secret, except where the caller says otherwise.
    func post(
        _ body: String, as source: String, tenant: String = "acme", path: String? = nil, secret: String? = nil,
        headers: [(name: String, value: String)] = [], at moment: Timestamp? = nil
    ) async throws -> HTTPResponse {
        guard let name = SourceName(source), let provider = Catalogue.provider(for: name) else { throw TestFailure("no source \(source)") }
        let secrets = environment["PROVIDER_SECRETS_\(name.environmentSuffix)"] ?? ""
        let own = secrets.split(separator: ",").last { $0.hasPrefix("\(tenant):") }?.dropFirst(tenant.count + 1)
        let path = path ?? "/api/webhooks/\(source)/\(tenant)/ingest"
        let request = SignedRequest(method: "POST", url: url + path, headers: HeaderFields(), body: Bytes(body.utf8))
        let signed = try provider.schemes[0].sign(
            request, with: Bytes((secret ?? String(own ?? "")).utf8), now: moment ?? WallClock.system.now())
        let type: [(name: String, value: String)] =
            headers.contains { $0.name.lowercased() == "content-type" } ? [] : [("Content-Type", "application/json")]
        return try await self.request("POST", path, headers: type + (signed ?? []) + headers, body: Bytes(body.utf8))
    }

    // MARK: The store

    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        let database = try DatabaseQueue(path: folder.appending(path: "gatepost.db").path)
        return try database.read { try Row.fetchAll($0, sql: sql, arguments: arguments) }
    }

    func change(_ sql: String) throws {
        try DatabaseQueue(path: folder.appending(path: "gatepost.db").path).write { try $0.execute(sql: sql) }
    }

    /// What a worker held that has died is free at once: tests need not wait for a lease, nor make it so short that a slow answer ends it.
    func endLeases() throws {
        try change("UPDATE lane SET due_at = 0 WHERE lease IS NOT NULL")
    }

    func count(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
        try rows("SELECT count(*) AS n FROM \(sql)", arguments).first?["n"] ?? 0
    }

    var databasePath: String { folder.appending(path: "gatepost.db").path }

    /// `strings` for what must not be there, in the store and its log.
    func fileHolds(_ text: String) throws -> Bool {
        try ["", "-wal"].contains { end in
            guard FileManager.default.fileExists(atPath: databasePath + end) else { return false }
            return try Data(contentsOf: URL(filePath: databasePath + end)).range(of: Data(text.utf8)) != nil
        }
    }
}

func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(
                with: Result {
                    let transfers = try Transfers<Int>(
                        options: .init(connectTimeout: .seconds(5), timeout: .seconds(30), userAgent: "gatepost-tests"), mostPerHost: 1)
                    try transfers.start(request, tag: 0)
                    while true {
                        if let (_, result) = transfers.wait(milliseconds: 1000).first { return try result.get() }
                    }
                })
        }
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }

    /// A member of the JSON body, as text.
    subscript(member: String) -> String? { (try? JSONDocument(body))?.root[member]?.scalarText }
}
