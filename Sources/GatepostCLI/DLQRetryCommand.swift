import ArgumentParser
import Common

struct DLQRetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Makes dead letters wait again, with all their tries before them.",
        discussion: """
            Name events, or say --all, perhaps of one tenant, source or cause. They are pushed in \
            order of arrival, by the worker's next run; those that went out as one push go as one again. An id that is unknown or no dead letter stops the command before anything is changed.
            """)

    @Argument(help: "Which events: our ids, the provider's own or idempotency keys.")
    var ids: [String] = []

    @Flag(help: "Every dead letter that --tenant, --source and --cause leave.")
    var all = false

    @OptionGroup var options: DLQFilterOptions
    @OptionGroup var storeOptions: StoreOptions

    @Flag(name: .customLong("dry-run"), help: "Only say how many.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard all != !ids.isEmpty else { throw ValidationError(all ? "name events or say --all, not both" : "name events, or say --all") }
        guard all || options.filter == DeadLetters.Filter() else { throw ValidationError("--tenant, --source and --cause go with --all") }
    }

    func run() throws {
        let store = try storeOptions.open(dryRun ? .readOnly : .readWrite)
        let letters = DeadLetters(store: store)
        let events = EventQueries(store: store)
        let sequences =
            all ? try letters.sequences(options.filter) : try letters.wholePushes(of: ids.map { try events.onlyDead($0).sequence })
        if !dryRun {
            try store.recordCommand("dlq.retry", all ? "all\(options.words)" : ids.joined(separator: " "), count: sequences.count)
        }
        let emptied = try letters.emptied(sequences)
        let retried = dryRun ? 0 : try letters.retry(sequences, now: WallClock.system.now())
        if json {
            return Output.json([
                "matched": JSONTree(sequences.count), "retried": JSONTree(retried), "emptied": JSONTree(emptied), "dry_run": .bool(dryRun),
            ])
        }
        let count = dryRun ? sequences.count - emptied : retried
        let words = "\(count) dead letter\(count == 1 ? "" : "s")\(options.words)"
        Output.line(dryRun ? "would make \(words) wait again" : "\(words) made to wait again")
        if emptied > 0 { Output.line("\(emptied) more have no payload any more: gatepost dlq discard") }
    }
}
