import ArgumentParser
import Foundation
import Testing

@testable import GatepostCLI

/// A command that stands in the documents is one that the program takes.
@Suite struct DocumentedCommandTests {
    private static let docs = fixturesURL.deletingLastPathComponent().appending(path: "docs")

    /// Lines of code that call `gatepost`, also by runuser or as cron does; what the shell would make of them left out.
    private static func commands() throws -> [(file: String, line: String)] {
        let paths = try #require(FileManager.default.subpaths(atPath: docs.path)).filter { $0.hasSuffix(".md") && $0 != "providers.md" }
        return try paths.sorted().flatMap { path in
            try String(contentsOf: docs.appending(path: path), encoding: .utf8).split(separator: "\n").compactMap { line in
                guard line.hasPrefix("    "), let match = line.firstMatch(of: /(?:^|&& |-- | gatepost )\s*(gatepost [a-z].*)$/) else {
                    return nil
                }
                let command = match.1.prefix { !"&|>".contains($0) }
                return command.contains("gatepost-") && !command.contains("gatepost/") ? nil : (path, String(command))
            }
        }
    }

    private static func words(_ line: String) -> [String] {
        line.matches(of: /'([^']*)'|"([^"]*)"|([^\s'"]+)/).map { String($0.1 ?? $0.2 ?? $0.3 ?? "") }
    }

    @Test func everyOneIsTaken() throws {
        let commands = try Self.commands()
        #expect(commands.count > 25)
        for (file, line) in commands {
            #expect(throws: Never.self, "docs/\(file): \(line)") {
                do { _ = try GatepostCommand.parseAsRoot(Array(Self.words(line).dropFirst())) } catch {
                    throw Failure(GatepostCommand.fullMessage(for: error))
                }
            }
        }
    }
}
