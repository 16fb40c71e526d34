import ArgumentParser
import Common
import Foundation

struct EventsReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Has processed or discarded events pushed once more.",
        discussion: """
            Name events, or say --all with a time or another filter. They go under the keys that they had: what took effect in WordPress \
            is a duplicate there and changes nothing. Those that were folded into one push go together. With --as-new each goes alone \
            under a new key, and an order event has its effect a second time; a user-sync that is older than what WordPress knows of the \
            person is still left out as stale.

            A named id that is unknown, or whose event is not over, stops the command before anything is changed. \
            Dead letters: `gatepost dlq retry`.
            """)

    @Argument(help: "Which events: our ids, the provider's own or idempotency keys.")
    var ids: [String] = []

    @Flag(help: "Every one that the filters leave.")
    var all = false

    @OptionGroup var filter: ReplayFilterOptions

    @Flag(name: .customLong("as-new"), help: "Under new keys, so that it has its effect again.")
    var asNew = false

    @Option(
        name: .customLong("per-minute"),
        help: ArgumentHelp("Most pushes a minute, 1 to 10000; without it, all at once.", valueName: "number"))
    var perMinute: Int?

    @OptionGroup var storeOptions: StoreOptions

    @Flag(name: .customLong("dry-run"), help: "Only say what would happen.")
    var dryRun = false

    @Flag(help: "With --all --as-new: do not ask.")
    var yes = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard all != !ids.isEmpty else { throw ValidationError(all ? "name events or say --all, not both" : "name events, or say --all") }
        guard all || filter.isEmpty else { throw ValidationError("the filters go with --all") }
        guard !all || !filter.isEmpty else { throw ValidationError("--all: say of when, or of what; --since 30d is a filter too") }
        if let perMinute, !(1...10_000).contains(perMinute) {
            throw ValidationError("--per-minute: expected a number from 1 to 10000, found \(perMinute)")
        }
        try filter.source?.validateIsKnown()
    }

    func run() throws {
        let store = try storeOptions.open(dryRun ? .readOnly : .readWrite)
        try filter.tenant?.refuseUnknown(in: store)
        if all { try replayAll(store) } else { try replayNamed(store) }
    }

    private var newKey: (() -> String)? { asNew ? { "replay-\(UUID().uuidString.lowercased())" } : nil }

    // MARK: By a filter

    private func replayAll(_ store: Store) throws {
        let now = WallClock.system.now()
        func search() -> ReplaySearch {
            ReplaySearch(store: store, filter.filter(now: now), asNew: asNew, perMinute: perMinute, now: now)
        }
        if dryRun {
            var search = search()
            while try search.next() != nil {}
            return ReplayView(counts: search.counts, replayed: 0, asNew: asNew, isDry: true, perMinute: perMinute).show(json: json)
        }
        if asNew, !yes { try ask(search()) }
        try store.recordCommand("events.replay", filter.words, detail: "begun\(asNew ? ", as new" : "")")
        var (search, replayed) = (search(), 0)
        // What waits again is not looked at twice: the search goes forward, and remembers what it has given.
        while let due = try search.next() {
            guard !due.isEmpty else { continue }
            replayed += try Replays(store: store).replay(Set(due.keys), newKey: newKey, due: due, now: now)
        }
        try store.recordCommand("events.replay", filter.words, count: replayed, detail: "done\(asNew ? ", as new" : "")")
        ReplayView(counts: search.counts, replayed: replayed, asNew: asNew, isDry: false, perMinute: perMinute).show(json: json)
    }

    private func ask(_ search: ReplaySearch) throws {
        guard isatty(STDIN_FILENO) == 1, !json else {
            throw Failure(
                "--all --as-new has its effect again in WordPress: try it with --dry-run, then say --yes", status: Failure.badUsage)
        }
        var search = search
        while try search.next() != nil {}
        Output.line("\(search.counts.total) events would have their effect in WordPress once more. Go on? [y/N]")
        guard readLine()?.lowercased() == "y" else { throw Failure("nothing was changed") }
    }

    // MARK: By name

    private func replayNamed(_ store: Store) throws {
        let (events, replays, now) = (EventQueries(store: store), Replays(store: store), WallClock.system.now())
        let pushes = try ids.map { try members(of: events.only($0), replays, now) }
        var due: [Int64: Timestamp] = [:]
        for (place, members) in pushes.enumerated() {
            let minute = perMinute.map { Int64(place / $0) } ?? 0
            for member in members where due[member] == nil { due[member] = now + .seconds(60 * minute) }
        }
        if !dryRun {
            try store.recordCommand(
                "events.replay", ids.joined(separator: " "), count: due.count, detail: asNew ? "as new" : nil)
        }
        let replayed = dryRun ? 0 : try replays.replay(Set(due.keys), newKey: newKey, due: due, now: now)
        if json {
            Output.json([
                "matched": JSONTree(due.count), "replayed": JSONTree(replayed), "as_new": .bool(asNew), "dry_run": .bool(dryRun),
            ])
        } else {
            let count = dryRun ? due.count : replayed
            let words = "\(count) event\(count == 1 ? "" : "s")"
            Output.line(dryRun ? "would push \(words) once more" : "\(words) made to wait for another push")
        }
    }

    private func members(of event: StoredEvent, _ replays: Replays, _ now: Timestamp) throws -> [Int64] {
        let id = event.summary.id
        switch try replays.plan(event.sequence, now: now) {
        case .go(let members): return asNew ? [event.sequence] : members
        case .groupIsGone where asNew: return [event.sequence]
        case .keyIsForgotten where asNew: return [event.sequence]
        case .keyIsForgotten:
            throw Failure(
                "event \(id) was pushed over 90 days ago: WordPress may not know its key any more and would do it again; if it shall, --as-new"
            )
        case .groupIsGone: throw Failure("event \(id) was pushed together with others that are not near it any more; it can go --as-new")
        case .payloadIsGone:
            throw Failure("the payload of event \(id), or of one that it was folded with, is gone: it is older than is kept")
        case .isMirrored: throw Failure("event \(id) is kept by the cutover; gatepost mirror release")
        case .notOver("dead"): throw Failure("event \(id) is a dead letter; gatepost dlq retry \(id)")
        case .notOver(nil): throw Failure("event \(id) is kept, and goes nowhere")
        case .notOver: throw Failure("event \(id) waits for its push already")
        }
    }
}
