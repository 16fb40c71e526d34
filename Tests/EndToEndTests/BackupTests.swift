import Common
import Foundation
import Subprocess
import Testing

/// Backup while events come in, and the drill: the machine is lost, the backup is all there is.
@Suite struct BackupTests {
    @Test func aBackupUnderLoadIsWholeAndRestores() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let load = Load.begin(on: sandbox)
        try await eventually("events come in") { try sandbox.count("webhook_event") > 20 }
        let backup = sandbox.folder.appending(path: "backup.db").path
        var last = 0
        for _ in 0..<3 {
            let made = try await sandbox.gatepost("backup", backup, "--json")
            #expect(made.succeeded, "\(made.errors)")
            let rows = try JSONDocument(Bytes(made.output.utf8)).root["rows"]?["webhook_event"]?.scalarText.flatMap(Int.init) ?? 0
            #expect(rows > last)
            last = rows
        }
        await load.end()
        #expect(Set(load.counts.keys) == [202], "\(load.counts)")

        let path = sandbox.databasePath
        let running = try await sandbox.gatepost("restore", backup)
        #expect(running.status == .exited(1) && running.errors.contains("replaces nothing"))
        let files = FileManager.default
        for end in ["", "-wal", "-shm"] where files.fileExists(atPath: path + end) {
            try files.moveItem(atPath: path + end, toPath: path + ".old" + end)
        }
        let open = try await sandbox.gatepost("restore", backup)
        #expect(open.status == .exited(1) && open.errors.contains("gatepost-ingest is running (process \(ingest.pid))"))
        try await ingest.stop()

        let restored = try await sandbox.gatepost("restore", backup)
        #expect(restored.succeeded, "\(restored.errors)")
        #expect(try sandbox.count("webhook_event") == last)
        let again = try await sandbox.ingest()
        // What the backup has is known, and what is new comes in.
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202)
        #expect(try sandbox.count("webhook_event") == last + 1)
        try await again.stop()
        try await sandbox.remove()
    }

    /// Its actions would go into the store that was moved away.
    @Test func restoreWaitsForThePagesToEnd() async throws {
        let sandbox = try await Sandbox()
        try await sandbox.ingest().stop()
        let backup = sandbox.folder.appending(path: "backup.db").path
        #expect(try await sandbox.gatepost("backup", backup).succeeded)
        let admin = try await sandbox.admin()
        let path = sandbox.databasePath
        for end in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + end) {
            try FileManager.default.moveItem(atPath: path + end, toPath: path + ".old" + end)
        }
        let open = try await sandbox.gatepost("restore", backup)
        #expect(open.status == .exited(1) && open.errors.contains("gatepost-admin is running (process \(admin.pid))"), "\(open.errors)")
        try await admin.stop()
        #expect(try await sandbox.gatepost("restore", backup).succeeded)
        try await sandbox.remove()
    }

    @Test func noStoreYetIsNoFault() async throws {
        let sandbox = try await Sandbox()
        let backup = sandbox.folder.appending(path: "backup.db").path
        let none = try await sandbox.gatepost("backup", backup, "--if-any")
        #expect(none.succeeded && none.output.contains("nothing to copy"))
        #expect(try await sandbox.gatepost("backup", backup).status == .exited(1))
        #expect(!FileManager.default.fileExists(atPath: backup))
        try await sandbox.remove()
    }
}
