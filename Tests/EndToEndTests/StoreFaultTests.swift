import Common
import Foundation
import GRDB
import Subprocess
import Testing

/// The disk and the file under the programs go wrong. Nothing is half-written, nothing lost, and what can go on by itself does.
@Suite struct StoreFaultTests {
    @Test(arguments: [
        ("fsync fails", "fdatasync", EIO, "disk I/O error"),
        ("the disk is full", "pwrite", ENOSPC, "disk is full"),
        ("the file system became read-only", "pwrite", EROFS, "the disk fails"),
    ])
    func answers503AndGoesOnByItself(_ what: String, _ call: String, _ code: Int32, _ word: String) async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let faults = try await Faults(for: sandbox)
        let ingest = try await sandbox.ingest(faults.environment)
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202)

        try faults.fail(call, with: code)
        let body = Events.stripeCustomer()
        let refused = try await sandbox.post(body, as: "stripe")
        #expect(refused.status == 503 && refused.header("retry-after") == "5", "\(what)")
        try await eventually("\(what): healthz says so") { try await sandbox.request("GET", "/healthz").status == 503 }
        let run = try await sandbox.worker(faults.environment)
        #expect(run.status == .exited(1) && run.errors.contains(word), "\(what): \(run.errors)")
        try faults.end()

        #expect(try sandbox.count("webhook_event") == 1, "\(what)")
        #expect(try await sandbox.post(body, as: "stripe").status == 202, "\(what)")
        try await sandbox.worker(faults.environment)
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 2, "\(what)")
        #expect(Set(wordpress.calls.flatMap { $0.items.flatMap(\.eventIDs) }).count == 2, "\(what)")
        #expect(try sandbox.rows("PRAGMA integrity_check").first?["integrity_check"] == "ok", "\(what)")
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test(.enabled(if: getuid() == 0, "only root may mount a small file system"))
    func aSmallDiskFillsUpAndIsEmptiedAgain() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: "ingest:\n  free-space-floor: 0\n")
        let disk = sandbox.folder.appending(path: "disk")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
        guard try await finish("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.path]).succeeded else {
            print("skipped: this machine lets nobody mount")
            return try await sandbox.remove()
        }
        let store = ["GATEPOST_DB": disk.appending(path: "gatepost.db").path]
        let ingest = try await sandbox.ingest(store)
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202)
        let filler = disk.appending(path: "filler")
        #expect(try await !finish("/bin/dd", ["if=/dev/zero", "of=\(filler.path)", "bs=4096"]).succeeded)

        let body = Events.stripeCustomer(name: String(repeating: "n", count: 40_000))
        let refused = try await sandbox.post(body, as: "stripe")
        #expect(refused.status == 503 && refused.header("retry-after") == "5")
        let run = try await sandbox.worker(store)
        #expect(run.status == .exited(1) && run.errors.contains("the disk is full"), "\(run.errors)")
        try FileManager.default.removeItem(at: filler)

        #expect(try await sandbox.post(body, as: "stripe").status == 202)
        #expect(try await sandbox.worker(store).succeeded)
        #expect(Set(wordpress.calls.flatMap { $0.items.flatMap(\.eventIDs) }).count == 2)
        try await ingest.stop()
        #expect(try await finish("/usr/bin/mount", ["-o", "remount,ro", disk.path]).succeeded)
        let barred = try await sandbox.worker(store)
        #expect(barred.status == .exited(1) && barred.errors.contains("cannot open event store"), "\(barred.errors)")
        #expect(try await finish("/usr/bin/umount", [disk.path]).succeeded)
        try await sandbox.remove()
    }

    @Test func theWorkerSaysWhoItWaitsForWhenTheStoreIsLocked() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let locker = try DatabaseQueue(path: sandbox.databasePath, configuration: configuration)
        try await locker.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let run = try await sandbox.worker()
        #expect(run.status == .exited(1) && run.errors.contains("another program holds the store"), "\(run.errors)")
        try await locker.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try await sandbox.worker()
        #expect(wordpress.calls.count == 1)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// The log cannot begin anew while somebody reads from before it; events are taken and pushed all the same.
    @Test func aLongReaderMakesTheLogGrowAndStopsNothing() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let reader = try DatabaseQueue(path: sandbox.databasePath, configuration: configuration)
        try await reader.writeWithoutTransaction { try $0.execute(sql: "BEGIN; SELECT * FROM webhook_event") }
        let name = String(repeating: "n", count: 400_000)
        for number in 0..<25 {
            let body = Events.stripeCustomer(customer: "cus_\(number)", name: name)
            #expect(try await sandbox.post(body, as: "stripe").status == 202)
        }
        #expect(try await sandbox.worker().succeeded)
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 26)
        let status = try await sandbox.gatepost("status", "--json")
        let document = try JSONDocument(Bytes(status.output.utf8))
        let log = try #require(document.root["wal_bytes"]?.scalarText.flatMap(Int.init))
        #expect(log > 25 * name.utf8.count)
        // With the reader gone it is begun anew and grows no more.
        try await reader.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        for _ in 0..<3 { #expect(try await sandbox.post(Events.stripeCustomer(name: name), as: "stripe").status == 202) }
        let after = try FileManager.default.attributesOfItem(atPath: sandbox.databasePath + "-wal")[.size] as? Int
        #expect(try #require(after) <= log + name.utf8.count * 2)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func refusesADamagedFileQuicklyAndInWords() async throws {
        let sandbox = try await Sandbox()
        try Data(String(repeating: "no database at all. ", count: 1000).utf8).write(to: URL(filePath: sandbox.databasePath))
        for run in [try await sandbox.worker(), try await sandbox.gatepost("status")] {
            #expect(run.status == .exited(1) && run.errors.contains("is damaged"), "\(run.errors)")
            #expect(run.errors.contains("restore the last backup"), "\(run.errors)")
        }
        let started = try await finish(
            Programs.ingest, ["--socket", sandbox.socketPath],
            environment: ["PROVIDER_SECRETS_STRIPE": "acme:x", "GATEPOST_DB": sandbox.databasePath])
        #expect(started.status == .exited(1) && started.errors.contains("is damaged"), "\(started.errors)")
        try await sandbox.remove()
    }
}
