/// Where settings came from: what the file says, line by line, and where variables were found. Holds no secret: the file has none, and of
/// variables it knows the place alone.
public struct SettingsOrigins: Sendable {
    public struct Entry: Sendable, Equatable {
        /// `worker.tries`, `sources.stripe.secrets[1].tenant`.
        public let path: String
        public let text: String
        public let line: Int?
    }

    /// The settings file; nil: none was there.
    public private(set) var file: String?
    /// In the file's order.
    public private(set) var entries: [Entry] = []
    /// By name, those that were asked for and found.
    public internal(set) var variables: [String: (place: String, line: Int?)] = [:]

    public init() {}

    mutating func read(_ root: SettingsNode, of file: String) {
        self.file = file
        walk(root, "")
    }

    private mutating func walk(_ node: SettingsNode, _ path: String) {
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping { walk(value, path.isEmpty ? key.string ?? "?" : "\(path).\(key.string ?? "?")") }
        case .sequence(let sequence) where sequence.contains { $0.scalar == nil }:
            for (place, value) in sequence.enumerated() { walk(value, "\(path)[\(place + 1)]") }
        case .sequence(let sequence):
            let words = sequence.compactMap { $0.scalar?.string }.joined(separator: ", ")
            entries.append(Entry(path: path, text: words, line: node.mark?.line))
        default: entries.append(Entry(path: path, text: node.scalar?.string ?? "", line: node.mark?.line))
        }
    }

    public func entry(_ path: String) -> Entry? { entries.first { $0.path == path } }

    /// What stands below a section, the section itself included.
    public func entries(below path: String) -> [Entry] {
        entries.filter { $0.path == path || $0.path.hasPrefix(path + ".") || $0.path.hasPrefix(path + "[") }
    }

    /// `/etc/gatepost/gatepost.yaml:12`; nil: the file does not say it.
    func place(ofPath path: String) -> String? { entry(path).map(place) }

    func place(of entry: Entry) -> String { "\(file ?? "file")\(entry.line.map { ":\($0)" } ?? "")" }

    /// `environment`, `/etc/gatepost/secrets.env:3`; nil: it is not set.
    func place(ofVariable name: String) -> String? {
        variables[name].map { found in "\(name), \(found.place)\(found.line.map { ":\($0)" } ?? "")" }
    }
}
