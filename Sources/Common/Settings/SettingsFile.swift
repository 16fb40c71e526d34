import Yams

/// A checked walk over a YAML mapping: wrong values and unknown names become problems with their lines.
struct SettingsSection {
    let path: String
    /// Where it stands.
    let place: Node
    private let entries: [(key: Node, value: Node)]

    /// Nil (and a problem) when `node` is no mapping; an empty section when it is left blank.
    init?(_ node: Node, path: String, in file: inout SettingsFile) {
        self.path = path
        place = node
        switch node {
        case .mapping(let mapping): entries = mapping.map { ($0.key, $0.value) }
        case .scalar(let scalar) where scalar.string.isEmpty || scalar.string == "null" || scalar.string == "~": entries = []
        default:
            file.problem(at: node, "\(path.isEmpty ? "the file" : path): expected a list of `name: value`")
            return nil
        }
    }

    var names: [(name: String, node: Node, value: Node)] {
        entries.map { ($0.key.string ?? "?", $0.key, $0.value) }
    }

    func node(_ name: String) -> Node? { entries.first { $0.key.string == name }?.value }

    func refuseOthers(than known: [String], in file: inout SettingsFile) {
        for (key, _) in entries where !known.contains(key.string ?? "") {
            file.problem(at: key, "\(qualified(key.string ?? "?")): no such setting; known here: \(known.joined(separator: ", "))")
        }
    }

    func qualified(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func text(_ name: String, in file: inout SettingsFile) -> String? {
        guard let node = node(name) else { return nil }
        guard let text = node.scalar?.string, !text.isEmpty else {
            file.problem(at: node, "\(qualified(name)): expected a text")
            return nil
        }
        return text
    }

    func number(_ name: String, _ range: ClosedRange<Int>, in file: inout SettingsFile) -> Int? {
        quantity(name, range, what: "a whole number", units: [("", 1)], in: &file)
    }

    func bytes(_ name: String, _ range: ClosedRange<Int>, in file: inout SettingsFile) -> Int? {
        let units = [("", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30)]
        return quantity(name, range, what: "a size (512KiB, 25MiB)", units: units, in: &file)
    }

    func duration(_ name: String, _ range: ClosedRange<Int>, in file: inout SettingsFile) -> Duration? {
        let units = [("", 1000), ("ms", 1), ("s", 1000), ("min", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        let milliseconds = range.lowerBound * 1000...range.upperBound * 1000
        return quantity(name, milliseconds, what: "a time (500ms, 20s, 5min)", units: units, shown: range, unit: " s", in: &file)
            .map { .milliseconds($0) }
    }

    private func quantity(
        _ name: String, _ range: ClosedRange<Int>, what: String, units: [(suffix: String, worth: Int)],
        shown: ClosedRange<Int>? = nil, unit: String = "", in file: inout SettingsFile
    ) -> Int? {
        guard let node = node(name) else { return nil }
        let text = node.scalar?.string ?? ""
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let suffix = text.dropFirst(digits.count).drop { $0 == " " }
        let worth = units.first { $0.suffix == suffix }?.worth
        if let number = Int(digits), let worth {
            let (product, overflow) = number.multipliedReportingOverflow(by: worth)
            if !overflow, range.contains(product) { return product }
        }
        let limits = shown ?? range
        file.problem(
            at: node,
            "\(qualified(name)): expected \(what) from \(limits.lowerBound) to \(limits.upperBound)\(unit), found \"\(text.prefix(40))\"")
        return nil
    }
}

/// The settings file's tree and the problems found in it so far.
struct SettingsFile {
    let path: String
    var problems: [SettingsProblem] = []

    mutating func problem(at node: Node, _ text: String) {
        problems.append(SettingsProblem(place: path, line: node.mark?.line, text: text))
    }

    mutating func root(of yaml: String) -> Node? {
        do {
            return try Yams.compose(yaml: yaml) ?? Node.mapping(.init([]))
        } catch let error as YamlError {
            problems.append(SettingsProblem(place: path, line: error.line, text: "not YAML: \(error.summary)"))
        } catch {
            problems.append(SettingsProblem(place: path, text: "not YAML: \(error)"))
        }
        return nil
    }
}

extension YamlError {
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    /// The library's own text quotes the offending line; ours names the line and leaves its content to the operator's editor.
    fileprivate var summary: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping: "a name stands twice"
        default: "cannot be read"
        }
    }
}
