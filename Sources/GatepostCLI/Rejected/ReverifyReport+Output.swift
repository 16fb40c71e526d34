import Common

extension ReverifyReport {
    func json(isDry: Bool) -> JSONTree {
        let list = lines.map { line -> JSONTree in
            [
                "id": .string(line.rejection.id), "source": .string(line.rejection.source), "result": .string(line.result.rawValue),
                "why": JSONTree(line.why), "event_ids": .array(line.ids.map { .string($0) }),
            ]
        }
        return [
            "dry_run": .bool(isDry), "judged": JSONTree(lines.count), "admitted": JSONTree(count(.admitted)),
            "duplicate": JSONTree(count(.duplicate)), "refused": JSONTree(count(.refused)), "not_an_event": JSONTree(count(.notAnEvent)),
            "settled_before": JSONTree(count(.settled)), "requests": .array(list),
        ]
    }

    func print(isDry: Bool) {
        guard !lines.isEmpty else { return Output.line("no rejected request to judge") }
        var table = Table(["ID", "RECEIVED", "SOURCE", isDry ? "WOULD BE" : "RESULT", "EVENT OR REASON"])
        for line in lines {
            let rest = line.why ?? (line.ids.isEmpty ? "-" : line.ids.joined(separator: " "))
            table.add([
                line.rejection.id, line.rejection.receivedAt.description, line.rejection.source, line.result.rawValue, rest,
            ])
        }
        Output.table(table)
        let sums = Result.allCases.filter { count($0) > 0 }.map { "\(count($0)) \($0.rawValue)" }
        Output.line("\n\(isDry ? "would be: " : "")\(sums.joined(separator: ", "))")
    }
}
