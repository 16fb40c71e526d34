/// What one check of the doctor's came to.
struct Finding: Equatable, Sendable {
    enum Verdict: String, Sendable {
        case pass
        /// Works, and should be looked at.
        case warn
        case fail
        /// Could not be looked at, or there is nothing to look at.
        case skip
    }

    let check: String
    let verdict: Verdict
    let text: String
    /// What to do; nil where nothing is to be done.
    var fix: String?

    static func pass(_ check: String, _ text: String) -> Finding { Finding(check: check, verdict: .pass, text: text) }
    static func warn(_ check: String, _ text: String, fix: String) -> Finding {
        Finding(check: check, verdict: .warn, text: text, fix: fix)
    }
    static func fail(_ check: String, _ text: String, fix: String) -> Finding {
        Finding(check: check, verdict: .fail, text: text, fix: fix)
    }
    static func skip(_ check: String, _ text: String, fix: String? = nil) -> Finding {
        Finding(check: check, verdict: .skip, text: text, fix: fix)
    }

    var json: JSONTree {
        ["check": .string(check), "verdict": .string(verdict.rawValue), "text": .string(text), "fix": JSONTree(fix)]
    }
}

extension Finding {
    /// For people a table, what to do below each; for programs `ok` and the list.
    static func report(_ findings: [Finding], json: Bool) {
        guard !json else {
            return Output.json(["ok": .bool(!findings.contains { $0.verdict == .fail }), "checks": .array(findings.map(\.json))])
        }
        var table = Table(["", "CHECK", "FOUND"])
        for finding in findings {
            table.add([finding.verdict.rawValue, finding.check, finding.text])
            if let fix = finding.fix { table.add(["", "", "-> \(fix)"]) }
        }
        for line in table.lines(width: nil) { Output.line(line) }
        let counts = [Verdict.pass, .warn, .fail, .skip].map { verdict in "\(findings.count { $0.verdict == verdict }) \(verdict.rawValue)"
        }
        Output.line("\n\(counts.joined(separator: ", "))")
    }
}

/// Facts gathered by somebody else, and what they mean. Judging reads no clock, file or network.
protocol Checkup {
    var findings: [Finding] { get }
}
