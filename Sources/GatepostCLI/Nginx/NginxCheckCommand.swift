import ArgumentParser
import Common
import Foundation

struct NginxCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Tests nginx's configuration and compares it with the settings. As root.",
        discussion: "Exit status: 0 nothing fails, 1 something does, 2 bad usage or settings.")

    @Option(name: .customLong("nginx-conf"), help: ArgumentHelp("Of this file instead of nginx's own.", valueName: "path"))
    var configurationFile: String?

    @Option(help: "Where gatepost-ingest listens.")
    var socket = "/run/gatepost/ingest.sock"

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let settings = try Settings.load()
        let findings = try examine(settings)
        Finding.report(findings, json: json)
        if findings.contains(where: { $0.verdict == .fail }) { throw ExitCode(1) }
    }

    private func examine(_ settings: Settings) throws -> [Finding] {
        guard let said = Program.output("nginx", ["-T", "-q"] + (configurationFile.map { ["-c", $0] } ?? [])) else {
            throw Failure("there is no nginx in /usr/sbin")
        }
        guard said.status == 0 else {
            let lines = said.errors.split(separator: "\n").suffix(5).joined(separator: "; ")
            return [.fail("nginx -t", lines, fix: "correct the file; as another user than root nginx cannot read keys")]
        }
        let checkup = NginxCheckup(
            tree: NginxDirective.tree(of: said.output), settings: settings, socketPath: socket,
            processors: ProcessInfo.processInfo.activeProcessorCount)
        return [.pass("nginx -t", "nginx takes its configuration")] + checkup.findings
    }
}
