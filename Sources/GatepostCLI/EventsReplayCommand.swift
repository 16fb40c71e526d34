import ArgumentParser
import Common
import Foundation

struct EventsReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Has processed or discarded events pushed once more.",
        discussion: """
            They go with the worker's next run, under the keys that they had: what took effect in WordPress is a duplicate there and \
            changes nothing. Those that were folded into one push go together. With --as-new each goes alone under a new key, \
            and an order event has its effect a second time; a user-sync that is older than what WordPress knows of the person is still \
            left out as stale.

            An id that is unknown, or whose event is not over, stops the command before anything is changed. \
            Dead letters: `gatepost dlq retry`.
            """)

    @Argument(help: "Which events: our ids, the provider's own or idempotency keys.")
    var ids: [String]

    @Flag(name: .customLong("as-new"), help: "Under new keys, so that it has its effect again.")
    var asNew = false

    @OptionGroup var storeOptions: StoreOptions

    @Flag(name: .customLong("dry-run"), help: "Only say how many.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let store = try storeOptions.open(dryRun ? .readOnly : .readWrite)
        let (events, replays) = (EventQueries(store: store), Replays(store: store))
        let sequences = try ids.reduce(into: Set<Int64>()) { all, id in all.formUnion(try members(of: events.only(id), replays)) }
        let newKey: (() -> String)? = asNew ? { "replay-\(UUID().uuidString.lowercased())" } : nil
        if !dryRun {
            let detail = asNew ? "as new" : nil
            try store.recordCommand("events.replay", ids.joined(separator: " "), count: sequences.count, detail: detail)
        }
        let replayed = dryRun ? 0 : try replays.replay(sequences, newKey: newKey, now: WallClock.system.now())
        if json {
            Output.json([
                "matched": JSONTree(sequences.count), "replayed": JSONTree(replayed), "as_new": .bool(asNew), "dry_run": .bool(dryRun),
            ])
        } else {
            let count = dryRun ? sequences.count : replayed
            let words = "\(count) event\(count == 1 ? "" : "s")"
            Output.line(dryRun ? "would push \(words) once more" : "\(words) made to wait for another push")
        }
    }

    private func members(of event: StoredEvent, _ replays: Replays) throws -> [Int64] {
        let id = event.summary.id
        switch try replays.plan(event.sequence) {
        case .go(let members): return asNew ? [event.sequence] : members
        case .groupIsGone where asNew: return [event.sequence]
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
