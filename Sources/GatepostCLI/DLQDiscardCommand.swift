import ArgumentParser
import Common
import Foundation

struct DLQDiscardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard", abstract: "Gives dead letters up: they are not pushed any more.",
        discussion: """
            Name events, or say --all, perhaps of one tenant, source or cause. --all says how many they are and asks; where nobody can be \
            asked it needs --yes. The events stay in the store with their cause and your reason; `gatepost events replay` has one pushed \
            after all. Dead letters that went out as one push are given up together. An id that is unknown or no dead letter stops the command before anything is changed.
            """)

    @Argument(help: "Which events: our ids, the provider's own or idempotency keys.")
    var ids: [String] = []

    @Flag(help: "Every dead letter that --tenant, --source and --cause leave.")
    var all = false

    @OptionGroup var options: DLQFilterOptions

    @Option(help: ArgumentHelp("Why; kept with each event.", valueName: "text"))
    var reason: String?

    @OptionGroup var storeOptions: StoreOptions

    @Flag(name: .customLong("dry-run"), help: "Only say how many.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard all != !ids.isEmpty else { throw ValidationError(all ? "name events or say --all, not both" : "name events, or say --all") }
        guard all || options.filter == DeadLetters.Filter() else { throw ValidationError("--tenant, --source and --cause go with --all") }
        guard (reason ?? "-").contains(where: { !$0.isWhitespace }) else { throw ValidationError("--reason: expected a text") }
    }

    func run() throws {
        let store = try storeOptions.open(dryRun ? .readOnly : .readWrite)
        let letters = DeadLetters(store: store)
        let events = EventQueries(store: store)
        let sequences =
            all ? try letters.sequences(options.filter) : try letters.wholePushes(of: ids.map { try events.onlyDead($0).sequence })
        if all, !dryRun, !yes, !sequences.isEmpty { try confirm(sequences.count, try letters.causes(options.filter)) }
        if !dryRun {
            let object = all ? "all\(options.words)" : ids.joined(separator: " ")
            try store.recordCommand("dlq.discard", object, count: sequences.count, detail: reason)
        }
        let discarded = dryRun ? 0 : try letters.discard(sequences, reason: reason?.printable, now: WallClock.system.now())
        if json {
            Output.json(["matched": JSONTree(sequences.count), "discarded": JSONTree(discarded), "dry_run": .bool(dryRun)])
        } else {
            Output.line(dryRun ? "would discard \(words(sequences.count))" : "\(words(discarded)) discarded")
        }
    }

    private func words(_ count: Int) -> String { "\(count) dead letter\(count == 1 ? "" : "s")\(options.words)" }

    private func confirm(_ count: Int, _ causes: [(cause: String, events: Int)]) throws {
        guard isatty(STDIN_FILENO) == 1, !json else {
            throw Failure("this would discard \(words(count)); say --yes, or --dry-run to look first", status: Failure.badUsage)
        }
        let list = causes.map { "\($0.events) \($0.cause.printable)" }.joined(separator: ", ")
        FileHandle.standardError.write(Data("discard \(words(count)) (\(list))? [y/N] ".utf8))
        guard ["y", "yes"].contains(readLine()?.lowercased()) else { throw Failure("nothing was discarded") }
    }
}
