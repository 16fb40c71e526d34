/// One wrong setting: where it stands and what is wrong with it.
public struct SettingsProblem: Sendable, Equatable, CustomStringConvertible {
    /// A file's path, or `environment`.
    public let place: String
    /// From 1; nil where there are no lines.
    public let line: Int?
    public let text: String

    public init(place: String, line: Int? = nil, text: String) {
        self.place = place
        self.line = line
        self.text = text
    }

    public var description: String { line.map { "\(place): line \($0): \(text)" } ?? "\(place): \(text)" }
}

/// All that is wrong with the settings, at once.
public struct SettingsError: Error, CustomStringConvertible {
    public let problems: [SettingsProblem]

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
