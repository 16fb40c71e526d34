import Common
import Foundation
import Testing

/// Each runbook's commands, in their order, against real programs: what a page says at two in the morning has to work.
@Suite struct RunbookTests {
    /// What no machine without systemd, apt and journal can do; the install test boots one (`make test-install`). By the line's beginning.
    static let notHere = ["journalctl ", "apt-get ", "systemctl enable --now gatepost-reconcile.timer"]

    /// Lines that do not exit with 0 where all is well, and why.
    static let exits: [(line: String, statuses: Set<Int32>, because: String)] = [
        ("gatepost doctor", [0, 1], "it looks for systemd's timer"),
        ("runuser -u gatepost -- gatepost doctor", [0, 1], "the same"),
        ("gatepost reconcile --tenant shop --source stripe --since 7d --dry-run", [1], "something is missing, as the page says"),
        ("gatepost privacy export --email anna@example.com", [1], "the WordPress that stands in has no such route"),
        ("gatepost privacy erase --email anna@example.com --reference T-1234", [2], "it asks, and nobody sits at this terminal"),
        ("gatepost keys list", [0, 1], "a key is missing on lost-key.md"),
    ]

    static let pages =
        ((try? FileManager.default.contentsOfDirectory(atPath: RunbookSandbox.folder.path)) ?? []).filter { $0.hasSuffix(".md") }.sorted()

    @Test(arguments: pages)
    func everyCommandWorks(page: String) async throws {
        let lines = try RunbookSandbox.commands(of: page)
        let sandbox = try await RunbookSandbox(page)
        for line in lines {
            guard !Self.notHere.contains(where: line.hasPrefix) else {
                try await sandbox.passOver(line)
                continue
            }
            let run = try await sandbox.run(line)
            let expected = Self.exits.first { line.hasPrefix($0.line) && ($0.line == line || $0.statuses.count > 1) }?.statuses ?? [0]
            guard case .exited(let status) = run.status else { throw TestFailure("\(page): \(line): \(run.status)") }
            #expect(expected.contains(Int32(status)), "\(page): \(line): \(status)\n\(run.output)\(run.errors)")
        }
        try await sandbox.check()
        try await sandbox.remove()
    }

    /// A page that lost its commands would pass.
    @Test func thePagesHaveCommands() throws {
        #expect(Self.pages.count >= 14)
        for page in Self.pages where page != "cutover.md" { #expect(try !RunbookSandbox.commands(of: page).isEmpty, "\(page)") }
    }

    /// What is left out stands on some page still.
    @Test func whatCannotRunHereIsNamedForAReason() throws {
        let lines = try Self.pages.flatMap { try RunbookSandbox.commands(of: $0) }
        for beginning in Self.notHere { #expect(lines.contains { $0.hasPrefix(beginning) }, "\(beginning)") }
        for exit in Self.exits { #expect(lines.contains { $0.hasPrefix(exit.line) }, "\(exit.line)") }
    }
}
