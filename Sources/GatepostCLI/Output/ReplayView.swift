import Common

/// What a replay by filter does, or would do.
struct ReplayView {
    let counts: ReplaySearch.Counts
    let replayed: Int
    let asNew: Bool
    let isDry: Bool
    let perMinute: Int?

    private var minutes: Int? { perMinute.map { max(0, counts.pushes - 1) / $0 } }

    func show(json: Bool) { if json { Output.json(tree) } else { print() } }

    private var targets: [(key: ReplaySearch.Counts.Target, value: Int)] {
        counts.events.sorted { ($0.key.tenant, $0.key.source) < ($1.key.tenant, $1.key.source) }
    }

    private var tree: JSONTree {
        [
            "matched": JSONTree(counts.total), "replayed": JSONTree(replayed), "as_new": .bool(asNew), "dry_run": .bool(isDry),
            "pushes": JSONTree(counts.pushes), "minutes": JSONTree(minutes), "open": JSONTree(counts.open), "dead": JSONTree(counts.dead),
            "kept": JSONTree(counts.kept), "group_is_gone": JSONTree(counts.groupIsGone), "emptied": JSONTree(counts.emptied),
            "mirrored": JSONTree(counts.mirrored), "key_forgotten": JSONTree(counts.keyForgotten),
            "targets": .array(
                targets.map { ["tenant": .string($0.key.tenant), "source": .string($0.key.source), "events": JSONTree($0.value)] }),
        ]
    }

    private func print() {
        var table = Table(["TENANT", "SOURCE", "EVENTS"])
        for (target, events) in targets { table.add([target.tenant, target.source, String(events)]) }
        if !targets.isEmpty { Output.table(table) }
        Output.line(
            isDry
                ? "would push \(counts.total) events once more, in \(counts.pushes) pushes"
                : "\(replayed) events made to wait for another push, in \(counts.pushes) pushes")
        if let minutes, let perMinute { Output.line("\(perMinute) pushes a minute: the last goes \(minutes) min from now") }
        Output.line(
            asNew ? "as new: order events have their effect again" : "under their own keys: what took effect is a duplicate in WordPress")
        let rest = [
            (
                counts.keyForgotten,
                "more were pushed over 90 days ago: WordPress may have forgotten their keys, and would do them again: only --as-new"
            ),
            (counts.open, "more wait for their push already"), (counts.dead, "more are dead letters: gatepost dlq retry"),
            (counts.kept, "more are kept, and go nowhere"), (counts.emptied, "more have no payload any more"),
            (counts.mirrored, "more are kept by the cutover: gatepost mirror release"),
            (counts.groupIsGone, "more were folded with others that are not near them any more: only --as-new"),
        ]
        for (count, words) in rest where count > 0 { Output.line("\(count) \(words)") }
    }
}
