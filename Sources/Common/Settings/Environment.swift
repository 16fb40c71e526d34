import Foundation

/// Where secrets and paths come from: the process's environment, then the secrets' file, then systemd's credentials.
public struct Environment: Sendable {
    private let process: [String: String]
    private let file: [String: (value: String, line: Int)]
    private let filePath: String
    private let credentials: String?
    private var asked: Set<String> = []
    /// Where each was that was asked for.
    private(set) var found: [String: (place: String, line: Int?)] = [:]
    public private(set) var problems: [SettingsProblem] = []

    /// - Parameter process: usually `ProcessInfo.processInfo.environment`.
    public init(process: [String: String]) {
        self.process = process
        filePath = process["GATEPOST_SECRETS"] ?? "/etc/gatepost/secrets.env"
        credentials = process["CREDENTIALS_DIRECTORY"]
        var problems: [SettingsProblem] = []
        file = Self.readSecrets(filePath, required: process["GATEPOST_SECRETS"] != nil, &problems)
        self.problems = problems
    }

    /// A setting's value, or the content of the file that `NAME_FILE` names, without line ends at its end. Empty counts as not set.
    public mutating func value(_ name: String) -> (value: String, place: String, line: Int?)? {
        asked.insert(name)
        let answer = look(for: name)
        if let answer { found[name] = (answer.place, answer.line) }
        return answer
    }

    private mutating func look(for name: String) -> (value: String, place: String, line: Int?)? {
        if let value = process[name], !value.isEmpty { return (value, "environment", nil) }
        if let path = process[name + "_FILE"], let value = content(of: path, naming: name + "_FILE") { return (value, path, nil) }
        if let (value, line) = file[name], !value.isEmpty { return (value, filePath, line) }
        if let (path, _) = file[name + "_FILE"], let value = content(of: path, naming: name + "_FILE") { return (value, path, nil) }
        if let credentials, let data = FileManager.default.contents(atPath: "\(credentials)/\(name)") {
            let value = Self.withoutLineEnd(String(decoding: data, as: UTF8.self))
            return value.isEmpty ? nil : (value, "credential \(name)", nil)
        }
        return nil
    }

    /// Every name that begins so, `_FILE` cut off.
    public func names(beginning prefix: String) -> Set<String> {
        var all = Set(process.keys).union(file.keys)
        if let credentials, let found = try? FileManager.default.contentsOfDirectory(atPath: credentials) { all.formUnion(found) }
        return Set(all.filter { $0.hasPrefix(prefix) }.map { $0.hasSuffix("_FILE") ? String($0.dropLast(5)) : $0 })
    }

    /// The secrets' file, and every file that it or the environment says to hold a secret.
    public var secretFiles: [String] {
        let named = file.filter { $0.key.hasSuffix("_FILE") }.map(\.value.value) + [process["GATEPOST_DATA_KEY_FILE"]].compactMap { $0 }
        return [filePath] + Set(named).sorted()
    }

    /// Names in the secrets' file that nobody has asked for, `_FILE` cut off; with their lines.
    var unread: [(name: String, place: String, line: Int)] {
        file.map { ($0.key.hasSuffix("_FILE") ? String($0.key.dropLast(5)) : $0.key, filePath, $0.value.line) }
            .filter { !asked.contains($0.0) }
    }

    private mutating func content(of path: String, naming name: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else {
            let text = "\(name): cannot read \(path); check that it exists and that this user may read it"
            let problem = SettingsProblem(place: "environment", text: text)
            if !problems.contains(problem) { problems.append(problem) }  // every tenant asks
            return nil
        }
        let value = Self.withoutLineEnd(String(decoding: data, as: UTF8.self))
        return value.isEmpty ? nil : value
    }

    private static func withoutLineEnd(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, last.isNewline { text.removeLast() }
        return String(text)
    }

    /// Lines of `NAME=value`; `#` begins a comment at a line's start; single or double quotes round the value are taken off, as systemd does.
    private static func readSecrets(
        _ path: String, required: Bool, _ problems: inout [SettingsProblem]
    ) -> [String: (value: String, line: Int)] {
        guard let data = FileManager.default.contents(atPath: path) else {
            if required || FileManager.default.fileExists(atPath: path) {
                problems.append(.init(place: path, text: "cannot be read; check that it exists and that this user may read it"))
            }
            return [:]
        }
        var values: [String: (value: String, line: Int)] = [:]
        let lines = String(decoding: data, as: UTF8.self).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let sign = line.firstIndex(of: "=") else {
                problems.append(.init(place: path, line: index + 1, text: "expected NAME=value"))
                continue
            }
            let name = line[..<sign].trimmingCharacters(in: .whitespaces)
            guard !name.isEmpty, !name.contains(where: \.isWhitespace) else {
                let text = "expected NAME=value; a name has no blanks in it, and no export before it"
                problems.append(.init(place: path, line: index + 1, text: text))
                continue
            }
            if values[name] != nil {
                problems.append(
                    .init(
                        place: path, line: index + 1,
                        text: "\(name) stands twice; further secrets of PROVIDER_SECRETS_… go into one line, with commas"
                    ))
            }
            values[name] = (unquoted(line[line.index(after: sign)...].trimmingCharacters(in: .whitespaces)), index + 1)
        }
        return values
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, let first = text.first, first == "\"" || first == "'", text.last == first else { return text }
        return String(text.dropFirst().dropLast())
    }
}
