import ArgumentParser
import Common
import Foundation

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How many events wait, are done, are dead; how old the queue is; how large the store.")

    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let store = try storeOptions.open(.readOnly)
        let report = StatusReport(
            counts: try EventQueries(store: store).counts(), path: store.path, now: WallClock.system.now(),
            errands: try ErrandQueries(store: store).counts(), rejections: try RejectionQueries(store: store).counts(),
            sealing: try store.sealingState(), encryption: Settings.Encryption(of: store.vault))
        let delivery = try DeliveryReport(store)
        if json { return Output.json(report.json.adding(delivery.json)) }
        report.print()
        delivery.print()
    }
}

/// The counts with what the file system says of the store.
struct StatusReport {
    let counts: EventCounts
    let path: String
    let now: Timestamp
    var errands = ErrandQueries.Counts(waiting: 0, failing: 0, failed: 0, error: nil)
    var rejections = RejectionCounts()
    var sealing = SealingState.plain
    var encryption = Settings.Encryption()

    var json: JSONTree {
        [
            "store": .string(path),
            "store_bytes": JSONTree(database + log), "database_bytes": JSONTree(database), "wal_bytes": JSONTree(log),
            "received": total(.received), "queued": total(.queued), "processed": total(.processed), "failed": total(.failed),
            "dead": total(.failed), "discarded": total(.discarded),
            "oldest_queued_age_seconds": JSONTree(age.map(Int.init)),
            "errands": errands.json, "encryption": .string(sealing.words(encryption)),
            "tenants": .array(
                counts.lines.map { line -> JSONTree in
                    .object(
                        [.init(name: "tenant", value: .string(line.tenant)), .init(name: "source", value: .string(line.source))]
                            + EventStatus.allCases.map { .init(name: $0.rawValue, value: JSONTree(line.events[$0] ?? 0)) })
                }),
        ]
    }

    private var database: Int { Self.size(path) }

    /// The write-ahead log: what is not yet in the database's own file.
    private var log: Int { Self.size(path + "-wal") }

    /// In seconds, nil when nothing waits.
    private var age: Int64? { counts.oldestQueued.map { max(0, now.milliseconds - $0.milliseconds) / 1000 } }

    /// A dead letter is what status `failed` means: both names count the same.
    private func total(_ status: EventStatus) -> JSONTree { JSONTree(counts.total(status)) }

    func print() {
        Output.line(
            "store   \(path.printable)  \(ByteCount.text(database + log))  "
                + "(database \(ByteCount.text(database)), write-ahead log \(ByteCount.text(log)))")
        Output.line("oldest  \(age.map { "queued \(Age.words($0)) ago" } ?? "nothing is queued")")
        Output.line("sealed  \(sealing.words(encryption))")
        if !errands.isQuiet { Output.line("errands \(errands.words)") }
        Output.line()
        var table = Table(["TENANT", "SOURCE", "KEPT", "QUEUED", "PROCESSED", "DEAD", "DISCARDED", "REJECTED"])
        let rows = counts.lines.map(numbers)
        for (line, numbers) in zip(counts.lines, rows) {
            table.add([line.tenant.isEmpty ? nil : line.tenant, line.source] + numbers.map { String($0) })
        }
        let sums = rows.reduce(Array(repeating: 0, count: EventStatus.allCases.count + 1)) { zip($0, $1).map(+) }
        table.add(["all", "all"] + sums.map { String($0) })
        Output.table(table)
    }

    /// By status, then what is rejected still. The store has rejected requests as discarded; here they stand apart.
    func numbers(_ line: EventCounts.Line) -> [Int] {
        let kept = rejections.kept(tenant: line.tenant, source: line.source)
        return EventStatus.allCases.map { max(0, (line.events[$0] ?? 0) - ($0 == .discarded ? kept : 0)) }
            + [rejections.open(tenant: line.tenant, source: line.source)]
    }

    /// Bytes; 0 for a file that is not there, as a write-ahead log may be.
    private static func size(_ path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }
}

extension ErrandQueries.Counts {
    fileprivate var json: JSONTree {
        ["waiting": JSONTree(waiting), "failing": JSONTree(failing), "failed": JSONTree(failed), "error": JSONTree(error)]
    }

    /// `1 waiting, 1 failing: why`.
    var words: String {
        let parts = [(waiting, "waiting"), (failing, "failing"), (failed, "given up")].filter { $0.0 > 0 }.map { "\($0) \($1)" }
        return parts.joined(separator: ", ") + (error.map { ": \($0.printable)" } ?? "")
    }
}
