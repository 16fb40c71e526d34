/// Every setting with the value that is in force and where that came from, for people. Of secrets the fingerprint alone.
public struct SettingsReport: Sendable {
    public struct Row: Sendable, Equatable {
        public let name: String
        public let value: String
        public let origin: String
        public let isDefault: Bool
    }

    public struct Group: Sendable, Equatable {
        public let title: String
        public let rows: [Row]
    }

    static let byDefault = "default"

    let settings: Settings
    var origins: SettingsOrigins { settings.origins }

    public init(_ settings: Settings) { self.settings = settings }

    // MARK: Rows

    /// Of the file, or by default.
    func row(_ name: String, _ value: String, or other: String = byDefault) -> Row {
        let place = origins.place(ofPath: name)
        return Row(name: name, value: value, origin: place ?? other, isDefault: place == nil)
    }

    /// Of a variable first, then of the file.
    func row(_ name: String, _ value: String, variables: [String]) -> Row {
        let place = variables.lazy.compactMap { origins.place(ofVariable: $0) }.first ?? origins.place(ofPath: name)
        return Row(name: name, value: value, origin: place ?? Self.byDefault, isDefault: place == nil)
    }

    /// A secret's fingerprint and where it stands.
    func secret(_ name: String, _ secret: Secret?, variables: [String]) -> Row {
        row(name, secret.map { "fingerprint \(ProviderSecret($0).fingerprint)" } ?? "not set", variables: variables)
    }

    /// As the file has it.
    func rows(below path: String, but others: Set<String> = []) -> [Row] {
        origins.entries(below: path).filter { !others.contains($0.path) }.map {
            Row(name: $0.path, value: $0.text, origin: origins.place(of: $0), isDefault: false)
        }
    }

    // MARK: Values

    /// In the largest unit that leaves nothing over: `45s`, `5min`, `24h`, `30d`.
    static func words(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s")]
        guard milliseconds != 0, let (worth, unit) = units.first(where: { milliseconds % $0.0 == 0 }) else { return "\(milliseconds)ms" }
        return "\(milliseconds / worth)\(unit)"
    }

    static func words(_ bytes: Int) -> String {
        let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
        guard bytes != 0, let (worth, unit) = units.first(where: { bytes % $0.0 == 0 }) else { return String(bytes) }
        return "\(bytes / worth)\(unit)"
    }
}
