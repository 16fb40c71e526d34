extension Settings {
    /// Whether and with what payloads are sealed in the store.
    public struct Encryption: Sendable, Equatable {
        public var mode = Vault.Mode.auto
        public var keys = DataKeys()

        public init() {}

        public init(of vault: Vault) { (keys, mode) = (vault.keys, vault.mode) }

        public var vault: Vault { Vault(keys, mode: mode) }
    }
}

extension DataKeys {
    public static let variable = "GATEPOST_DATA_KEY"

    /// The keys alone, for looking into a store whatever else is wrong with the settings. What cannot be read is no key here.
    public static func read(process: [String: String]) -> DataKeys {
        var environment = Environment(process: process)
        return (try? parse(environment.value(variable)?.value ?? "").get()) ?? DataKeys()
    }
}

extension SettingsReader {
    mutating func readEncryption(_ root: SettingsSection) {
        guard let text = root.text("encryption", in: &file), let node = root.node("encryption") else { return }
        if let mode = Vault.Mode(rawValue: text) {
            settings.encryption.mode = mode
        } else {
            let known = Vault.Mode.allCases.map(\.rawValue).joined(separator: ", ")
            file.problem(at: node, "encryption: expected one of \(known), found \"\(text)\"")
        }
    }

    mutating func readDataKeys(_ environment: inout Environment) {
        if let (value, place, line) = environment.value("GATEPOST_DATA_KEY") {
            switch DataKeys.parse(value) {
            case .success(let keys): settings.encryption.keys = keys
            case .failure(let fault): file.problems.append(.init(place: place, line: line, text: "GATEPOST_DATA_KEY: \(fault)"))
            }
        }
        if settings.encryption.mode == .required, settings.encryption.keys.all.isEmpty {
            let text = "encryption: required, and GATEPOST_DATA_KEY is not set; `gatepost keys generate` makes a key"
            file.problems.append(.init(place: file.path, text: text))
        }
    }
}
