import ArgumentParser
import Common
import Foundation

struct PurgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Removes old events, a few at a time, while everything goes on working.",
        discussion: """
            Never what still waits for WordPress. Keys are kept for 30 days at least, so that a provider's repeat stays a duplicate: of \
            younger events payload and headers go, the rest stays.
            """)

    @Option(
        name: .customLong("older-than"), help: ArgumentHelp("How old: 12h, 90d. At least 1h; 90d where nothing is said.", valueName: "age"))
    var olderThan: TimeArgument?

    @Option(help: ArgumentHelp("Which, with commas: processed, discarded, failed, received.", valueName: "words"))
    var status = "processed,discarded"

    @Flag(help: "Then give free room in the file back to the system, a little at a time.")
    var vacuum = false

    @Flag(help: "Then write the whole file anew; nobody else can write meanwhile, and it needs as much room again.")
    var rebuild = false

    @OptionGroup var storeOptions: StoreOptions

    @Flag(name: .customLong("dry-run"), help: "Only say how many.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        _ = try rule()
        if dryRun, vacuum || rebuild { throw ValidationError("--dry-run goes with neither --vacuum nor --rebuild") }
        if vacuum, rebuild { throw ValidationError("--vacuum and --rebuild do not go together") }
    }

    private func rule() throws -> Purge.Rule {
        guard case .ago(let age) = olderThan ?? .ago(.seconds(90 * 86_400)), age >= .seconds(3600) else {
            throw ValidationError("--older-than: expected an age of at least 1h, as in 90d")
        }
        let statuses = try status.split(separator: ",").map { word -> EventStatus in
            guard let status = EventStatus(argument: String(word)), status != .queued else {
                throw ValidationError("--status: expected processed, discarded, failed or received, found \(String(word).printable)")
            }
            return status
        }
        return Purge.Rule(olderThan: age, statuses: Set(statuses))
    }

    /// For the record.
    private var words: String {
        guard case .ago(let age) = olderThan else { return "\(status), older than 90 d" }
        return "\(status), older than \(Age.words(age.milliseconds / 1000))"
    }

    func run() throws {
        let store = try storeOptions.open(dryRun ? .readOnly : .readWrite)
        if !dryRun { try store.recordCommand("purge", detail: "begun: \(words)") }
        let count = try Purge(store: store).all(rule(), dryRun: dryRun, now: WallClock.system.now())
        if !dryRun { try store.recordCommand("purge", count: count.removed, detail: "done: \(words); \(count.emptied) emptied") }
        let freed = vacuum || rebuild ? try giveBack(store) : 0
        if json {
            return Output.json([
                "removed": JSONTree(count.removed), "emptied": JSONTree(count.emptied), "freed_bytes": JSONTree(freed),
                "dry_run": .bool(dryRun),
            ])
        }
        let would = dryRun ? "would be " : ""
        Output.line("\(count.removed) events \(would)removed, the payloads of \(count.emptied) more \(would)emptied")
        if freed > 0 { Output.line("\(ByteCount.text(freed)) given back to the system") }
    }

    /// - Returns: bytes.
    private func giveBack(_ store: Store) throws -> Int {
        let vacuum = Vacuum(store: store)
        let before = try vacuum.room()
        if rebuild {
            guard let free = store.freeBytes, free > before.pages * before.pageSize else {
                throw Failure("--rebuild needs \(ByteCount.text(before.pages * before.pageSize)) free beside the store")
            }
            try vacuum.rebuild()
        } else {
            guard before.isIncremental else {
                throw Failure("this store was made by an older version: run `gatepost purge --rebuild` once, at a quiet time")
            }
            while try vacuum.someSteps(20) {}
            store.emptyTheLog()
        }
        let after = try vacuum.room()
        return max(0, before.pages - after.pages) * before.pageSize
    }
}
