import Common
import Foundation
import Synchronization
import Testing

/// A gateway as a runbook's reader has it: tenant `shop`, a WordPress, events of some days, a provider that has more. Lines go through a
/// shell, with the machine's paths in the sandbox's folder; `systemctl` on Gatepost's units does here what it would do there.
final class RunbookSandbox: Sendable {
    static let folder = Programs.tree.appending(path: "docs/runbooks")

    /// Indented lines of code, also in lists; none of a fenced block, which is settings.
    static func commands(of page: String) throws -> [String] {
        var isFenced = false
        var lines: [String] = []
        for line in try String(contentsOf: folder.appending(path: page), encoding: .utf8).split(separator: "\n") {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.hasPrefix("```") { isFenced.toggle() }
            guard !isFenced, line.hasPrefix("    "), text.first?.isLetter == true else { continue }
            // A list's own second line has three blanks before it, a command of that list seven.
            let programs = ["gatepost", "runuser", "systemctl", "journalctl", "apt-get", "df", "mkdir", "mv", "tail", "curl", "cp"]
            if let word = text.split(separator: " ").first, programs.contains(String(word)) { lines.append(text) }
        }
        return lines
    }

    private let page: String
    private let sandbox: Sandbox
    private let wordpress: StandIn
    private let provider: ProviderAPI
    private let ingest: Mutex<Daemon?>

    init(_ page: String) async throws {
        self.page = page
        let wordpress = try StandIn()
        // Stripe has two events that never came, and those that did.
        let now = Int(Date().timeIntervalSince1970)
        let events = (0..<5).map {
            BackfillStripeTests.Event(id: "evt_run_\($0)", created: now - ($0 < 4 ? 1 : 5) * 80_000 + $0, type: "invoice.paid")
        }
        provider = try BackfillStripeTests.api(events)
        self.wordpress = wordpress
        let yaml = "tenants: {shop: {backfill: {stripe: {url: \"\(provider.url)\"}}}}\n"
        sandbox = try await Sandbox(
            wordpress: wordpress.url,
            extra: [
                "PROVIDER_SECRETS_STRIPE": "shop:whsec_shop", "BACKFILL_KEY_STRIPE__SHOP": BackfillStripeTests.key,
            ], yaml: yaml)
        ingest = Mutex(nil)
        try prepareFolder()
        let daemon = try await sandbox.ingest(keys)
        ingest.withLock { $0 = daemon }
        for event in events.prefix(3) { #expect(try await sandbox.post(event.text, as: "stripe", tenant: "shop").status == 202) }
        try await sandbox.worker(keys)
        if page == "lost-key.md" { try Data((Base64Key.make() + "\n").utf8).write(to: etc.appending(path: "data.key")) }
    }

    private var root: URL { sandbox.folder }
    private var etc: URL { root.appending(path: "etc") }
    /// Only where the page is about it: with a key there are other errors to make.
    private var keys: [String: String] {
        page.contains("key") ? ["GATEPOST_DATA_KEY_FILE": etc.appending(path: "data.key").path] : [:]
    }

    private func prepareFolder() throws {
        let bin = root.appending(path: "bin")
        for folder in [etc, bin, root.appending(path: "backups"), root.appending(path: "log")] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try Data("{}\n".utf8).write(to: root.appending(path: "log/gatepost.json.log"))
        try Data((Base64Key.make() + "\n").utf8).write(to: etc.appending(path: "data.key"))
        // `runuser -u gatepost -- gatepost …` without another user.
        for (name, text) in [("gatepost", "exec \(Programs.gatepost) \"$@\""), ("runuser", "shift 3; exec \"$@\"")] {
            let file = bin.appending(path: name)
            try Data("#!/bin/sh\n\(text)\n".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
    }

    // MARK: A line

    func run(_ line: String) async throws -> Finished {
        if line.hasPrefix("systemctl ") { return try await systemctl(line) }
        if line.contains("gatepost restore ") { try await backUp() }
        let run = try await shell(await translated(line))
        // As systemd's path unit would: the store was written to.
        if run.succeeded, FileManager.default.fileExists(atPath: sandbox.databasePath) { try await sandbox.worker(keys) }
        return run
    }

    private func translated(_ line: String) async throws -> String {
        var text = line
        for (there, here) in [
            ("/var/lib/gatepost/backups/before-99.1-1.db", root.appending(path: "backups/last.db").path),
            ("/srv/backup/gatepost.db", root.appending(path: "backups/last.db").path), ("/var/lib/gatepost", root.path),
            ("/etc/gatepost", etc.path), ("/var/log/nginx", root.appending(path: "log").path),
        ] { text = text.replacingOccurrences(of: there, with: here) }
        if text.contains("keys lost ") {
            let id = try sandbox.rows("SELECT headers FROM webhook_event LIMIT 1").first.flatMap { row -> String? in
                (row["headers"] as String).split(separator: ":").dropFirst().first.map(String.init)
            }
            text = text.replacingOccurrences(of: "1a2b3c4d", with: id ?? "none")
        }
        return text
    }

    private func shell(_ text: String) async throws -> Finished {
        var environment = keys
        environment["PATH"] = "\(root.path)/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return try await sandbox.shell("cd \(root.path) && \(text)", environment)
    }

    private func backUp() async throws {
        let path = root.appending(path: "backups/last.db").path
        guard !FileManager.default.fileExists(atPath: path) else { return }
        // The page has moved the store away by now: the backup is of what was there.
        let moved = ["old", "newer"].map { root.appending(path: "\($0)/gatepost.db").path }.first {
            FileManager.default.fileExists(atPath: $0)
        }
        let made = try await shell("gatepost backup \(path) --db \(moved ?? sandbox.databasePath)")
        guard made.succeeded else { throw TestFailure("no backup: \(made.errors)") }
    }

    // MARK: systemd's part

    /// What a line does that is not run here.
    func passOver(_ line: String) async throws {
        // The package stops what it takes away.
        if line.hasPrefix("apt-get remove gatepost") { _ = try await systemctl("systemctl stop gatepost-ingest") }
    }

    private func systemctl(_ line: String) async throws -> Finished {
        let words = line.split(separator: " ").map(String.init)
        guard words.dropFirst(2).contains(where: { $0.hasPrefix("gatepost-ingest") || $0 == "'gatepost-*'" }) else { return .well }
        if ["stop", "restart"].contains(words[1]) {
            let daemon = ingest.withLock { daemon in
                defer { daemon = nil }
                return daemon
            }
            _ = try await daemon?.stop()
        }
        if words[1] == "reload" { ingest.withLock { $0?.signal(SIGHUP) } }
        if ["start", "restart"].contains(words[1]) {
            let daemon = try await sandbox.ingest(keys)
            ingest.withLock { $0 = daemon }
        }
        return .well
    }

    // MARK: Afterwards

    /// The gateway goes on, and the pages that bring something in have brought it.
    func check() async throws {
        if ingest.withLock({ $0 == nil }) {
            let daemon = try await sandbox.ingest(keys)
            ingest.withLock { $0 = daemon }
        }
        #expect(
            try await sandbox.post(Events.stripeInvoice(), as: "stripe", tenant: "shop").status == 202, "\(page): it still takes events")
        let fetched = try sandbox.count("webhook_event WHERE created_by = 'backfill'")
        #expect(fetched == ["backfill.md": 1, "reconcile.md": 2][page] ?? 0, "\(page)")
        if page == "replay.md" {
            #expect(try sandbox.count("job_execution WHERE push_key LIKE 'replay-%'") == 3)
        }
    }

    func remove() async throws {
        let daemon = ingest.withLock { $0 }
        _ = try await daemon?.stop()
        try await sandbox.remove()
    }
}

private enum Base64Key {
    static func make() -> String { Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString() }
}

extension Finished {
    fileprivate static let well = Finished(status: .exited(0), output: "", errors: "")
}

extension Sandbox {
    /// A line as somebody types it, with the sandbox's settings and secrets.
    func shell(_ line: String, _ extra: [String: String]) async throws -> Finished {
        try await finish("/bin/sh", ["-c", line], environment: environment.merging(extra) { $1 })
    }
}
