import ArgumentParser
import Common

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

    @OptionGroup var storeOptions: StoreOptions

    @Flag(name: .customLong("dry-run"), help: "Only say how many.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws { _ = try rule() }

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
        if json {
            return Output.json(["removed": JSONTree(count.removed), "emptied": JSONTree(count.emptied), "dry_run": .bool(dryRun)])
        }
        let would = dryRun ? "would be " : ""
        Output.line("\(count.removed) events \(would)removed, the payloads of \(count.emptied) more \(would)emptied")
    }
}
