import Common
import Foundation
import Subprocess
import Testing

/// `gatepost nginx` with a real nginx and a stand-in for who publishes addresses.
@Suite struct NginxCommandTests {
    @Test func whatIsRenderedIsTakenAndAgrees() async throws {
        let sandbox = try await Sandbox(yaml: "sources:\n  hubspot:\n    body-limit: 2MiB\n    allow: [127.0.0.0/8]\n")
        let folder = sandbox.folder.appending(path: "rendered").path
        let rendered = try await sandbox.gatepost("nginx", "render", "--to", folder)
        #expect(rendered.succeeded, "\(rendered.errors)")
        let conf = sandbox.folder.appending(path: "nginx/nginx.conf").path
        let socket = sandbox.folder.appending(path: "ingest.sock").path
        let before = try await sandbox.gatepost("nginx", "check", "--nginx-conf", conf, "--socket", socket)
        #expect(
            before.status == .exited(1) && before.output.contains("bodies to 512.0 KiB pass nginx, ingest takes 2.0 MiB"),
            "\(before.output)")

        // The sandbox has a location for GitHub of its own; the written ones take its place.
        var text = try String(contentsOfFile: conf, encoding: .utf8)
        let own = try #require(text.split(separator: "\n").first { $0.contains("webhooks/github") })
        text = text.replacingOccurrences(of: own, with: "include \(folder)/sources/*.conf;")
        try Data(text.utf8).write(to: URL(filePath: conf))
        let after = try await sandbox.gatepost("nginx", "check", "--nginx-conf", conf, "--socket", socket)
        #expect(after.succeeded, "\(after.output)\(after.errors)")
        #expect(after.output.contains("nginx and settings allow the same addresses"))
        try await sandbox.remove()
    }

    @Test func withoutASourceNothingIsTakenAway() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatepost-render-\(UUID().uuidString)")
        let sources = folder.appending(path: "sources")
        try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("# Written by gatepost nginx render; changes here are lost.\n".utf8).write(to: sources.appending(path: "github.conf"))
        try Data("{}\n".utf8).write(to: folder.appending(path: "gatepost.yaml"))
        let run = try await finish(
            Programs.gatepost, ["nginx", "render", "--to", folder.path],
            environment: ["GATEPOST_CONFIG": folder.appending(path: "gatepost.yaml").path])
        #expect(run.status == .exited(1) && run.errors.contains("nothing was written or removed"), "\(run.output)\(run.errors)")
        #expect(FileManager.default.fileExists(atPath: sources.appending(path: "github.conf").path))
    }

    @Test func aDoubtfulListChangesNothing() async throws {
        let publisher = try StandIn { _, _ in .status(200, body: #"{"hooks":["192.30.252.0/22","185.199.108.0/22"]}"#) }
        let sandbox = try await Sandbox()
        let folder = sandbox.folder.appending(path: "rendered").path
        func update() async throws -> Finished {
            try await sandbox.gatepost(
                "nginx", "allowlist", "update", "--to", folder, "--source", "github", "--from", publisher.url + "/meta")
        }
        let first = try await update()
        #expect(first.succeeded && first.output.contains("2 addresses, changed"), "\(first.errors)")
        let written = try String(contentsOfFile: folder + "/allow/github.conf", encoding: .utf8)
        #expect(written.hasSuffix("allow 192.30.252.0/22;\nallow 185.199.108.0/22;\n"))
        for bad in [#"{"hooks":["10.0.0.0/4"]}"#, #"{"hooks":[]}"#, "<html>", #"{"hooks":["192.30.252.0/22"]}"#] {
            publisher.answers { _, _ in .status(200, body: bad) }
            let refused = try await update()
            #expect(refused.status == .exited(1) && refused.errors.contains("the list stays as it was"))
            #expect(try String(contentsOfFile: folder + "/allow/github.conf", encoding: .utf8) == written)
        }
        let rendered = try await sandbox.gatepost("nginx", "render", "--to", folder)
        #expect(rendered.succeeded)
        #expect(
            try String(contentsOfFile: folder + "/sources/github.conf", encoding: .utf8).contains("include \(folder)/allow/github.conf;"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/allow") == ["github.conf"])
        try await sandbox.remove()
    }
}
