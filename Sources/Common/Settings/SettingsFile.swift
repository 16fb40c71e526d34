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
        let units = [
            ("", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30),
        ]
        return quantity(name, range, what: "a size (512KiB, 25MiB)", units: units, written: units, in: &file)
    }

    func duration(_ name: String, _ range: ClosedRange<Int>, in file: inout SettingsFile) -> Duration? {
        let units = [("", 1000), ("ms", 1), ("s", 1000), ("min", 60_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        let milliseconds = range.lowerBound * 1000...range.upperBound * 1000
        return quantity(name, milliseconds, what: "a time (500ms, 20s, 5min)", units: units, written: units, in: &file)
            .map { .milliseconds($0) }
    }

    private func quantity(
        _ name: String, _ range: ClosedRange<Int>, what: String, units: [(suffix: String, worth: Int)],
        written: [(suffix: String, worth: Int)] = [], in file: inout SettingsFile
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
        let (least, most) = (Self.words(range.lowerBound, written), Self.words(range.upperBound, written))
        file.problem(at: node, "\(qualified(name)): expected \(what) from \(least) to \(most), found \"\(text.prefix(40))\"")
        return nil
    }

    /// As people write it, in the largest unit that leaves nothing over: `1h`, `64MiB`.
    private static func words(_ number: Int, _ units: [(suffix: String, worth: Int)]) -> String {
        let fitting = units.filter { $0.suffix.utf8.count != 0 && number != 0 && number % $0.worth == 0 }
        var best = fitting.first
        for unit in fitting where unit.worth > best?.worth ?? 0 { best = unit }
        return best.map { "\(number / $0.worth)\($0.suffix)" } ?? String(number)
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
            // Every value is a text to us. To tell numbers and truths apart the library would set up a dozen regular expressions, with all that
            // Foundation needs for them, each time that a program starts.
            return try Yams.compose(yaml: yaml, .basic) ?? Node.mapping(.init([], Tag(.map, .basic)))
        } catch let error as YamlError {
            let (line, text) = error.found(in: yaml)
            problems.append(SettingsProblem(place: path, line: line, text: "not YAML: \(text)"))
        } catch {
            problems.append(SettingsProblem(place: path, text: "not YAML: \(error)"))
        }
        return nil
    }
}

extension YamlError {
    /// The library's own text quotes the offending line; ours names the line and leaves its content to the operator's editor.
    fileprivate func found(in yaml: String) -> (line: Int?, text: String) {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            let line = yaml.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).dropFirst(mark.line - 1).first ?? ""
            let hasTab = line.prefix { $0.isWhitespace }.contains("\t")
            return (mark.line, hasTab ? "a tab at the line's beginning; use blanks" : problem)
        case .duplicatedKeysInMapping(let names, let context):
            guard let name = names.first else { return (context.mark.line, "a name stands twice") }
            let second = Self.line(of: name, behind: context.mark, in: yaml)
            return (
                second ?? context.mark.line,
                "\(name.prefix(40)) stands twice" + (second == nil ? "" : ", first in line \(context.mark.line)")
            )
        default: return (nil, "cannot be read")
        }
    }

    /// The next line that begins with the name, as deep as the first. Nil where both stand in one line.
    private static func line(of name: String, behind mark: Mark, in yaml: String) -> Int? {
        let lines = yaml.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let indent = String(repeating: " ", count: max(0, mark.column - 1))
        let starts = [name, "'\(name)'", "\"\(name)\""].map { indent + $0 + ":" }
        return lines.indices.dropFirst(mark.line).first { place in starts.contains { lines[place].hasPrefix($0) } }.map { $0 + 1 }
    }
}
