import Backfill
import Common

/// What a backfill has done, for people and programs.
struct BackfillView {
    let report: BackfillReport
    let isDry: Bool
    var others = 0
    var faults = 0

    func show(json: Bool) { if json { Output.json(tree) } else { print() } }

    var tree: JSONTree {
        [
            "dry_run": .bool(isDry), "listed": JSONTree(report.listed), "taken": JSONTree(report.taken),
            "duplicates": JSONTree(report.duplicates), "redelivered": JSONTree(report.redelivered), "gone": JSONTree(report.gone),
            "other_types": JSONTree(report.otherTypes), "others": JSONTree(others), "unreadable": JSONTree(faults),
            "requests": JSONTree(report.requests), "reached": JSONTree(report.reached.milliseconds > 0 ? report.reached : nil),
            "examples": .array(
                report.examples.map { ["event_type": .string($0.type), "idempotency_key": .string($0.key), "event_id": JSONTree($0.id)] }),
        ]
    }

    private func print() {
        if !report.examples.isEmpty {
            var table = Table(["TYPE", isDry ? "WOULD BE TAKEN UNDER" : "TAKEN UNDER", "EVENT"])
            for example in report.examples { table.add([example.type, example.key, example.id]) }
            Output.table(table)
            if report.taken > report.examples.count { Output.line("… and \(report.taken - report.examples.count) more") }
            Output.line()
        }
        let would = isDry ? "would be " : ""
        let counts = [
            (report.taken, "\(would)taken"), (report.duplicates, "here before"), (report.redelivered, "\(would)asked for again"),
            (report.gone, "no longer to be had"), (report.otherTypes, "of other types"), (others, "of others"),
            (faults, "unreadable"),
        ]
        let words = counts.filter { $0.0 > 0 || $0.1.hasSuffix("taken") }.map { "\($0.0) \($0.1)" }
        Output.line("\(report.listed) listed: \(words.joined(separator: ", "))")
    }
}
