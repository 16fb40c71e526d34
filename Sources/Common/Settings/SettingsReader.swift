import Foundation

extension Settings {
    /// Reads the settings file that `GATEPOST_CONFIG` names and the secrets, checks everything and starts nothing.
    /// - Parameter process: the process's environment.
    public static func load(process: [String: String] = ProcessInfo.processInfo.environment) throws(SettingsError) -> Settings {
        var environment = Environment(process: process)
        let named = process["GATEPOST_CONFIG"]
        let path = named ?? "/etc/gatepost/gatepost.yaml"
        var reader = SettingsReader(path: path)
        if let data = FileManager.default.contents(atPath: path) {
            reader.read(yaml: String(decoding: data, as: UTF8.self))
        } else if named != nil || FileManager.default.fileExists(atPath: path) {
            reader.file.problems.append(.init(place: path, text: "cannot be read; check that it exists and that this user may read it"))
        }
        reader.readSecrets(&environment)
        let problems = (reader.file.problems + environment.problems).sorted {
            ($0.rank(path), $0.line ?? 0) < ($1.rank(path), $1.line ?? 0)
        }
        guard problems.isEmpty else { throw SettingsError(problems: problems) }
        return reader.settings
    }
}

extension SettingsProblem {
    /// The settings file first: what is wrong elsewhere may follow from it.
    fileprivate func rank(_ file: String) -> String { place == file ? "" : place }
}

/// From the file's text and the environment to settings, noting every problem on the way.
struct SettingsReader {
    var file: SettingsFile
    var settings = Settings()
    private(set) var sourceSettings: [SourceName: SourceSettings] = [:]
    /// Every source that the file names, also where what it says of it is wrong.
    private(set) var namedSources: Set<SourceName> = []
    /// False where the file is no YAML: then what it names is not known.
    private(set) var isFileRead = true
    /// From the file; the address may stand in the environment.
    private var users: [TenantName: String] = [:]

    init(path: String) { file = SettingsFile(path: path) }

    // MARK: The file

    mutating func read(yaml: String) {
        guard let node = file.root(of: yaml), let root = SettingsSection(node, path: "", in: &file) else {
            isFileRead = false
            return
        }
        settings.origins.read(node, of: file.path)
        root.refuseOthers(
            than: [
                "database", "public-url", "trust-anchors", "ingest", "worker", "rejected", "alerts", "sources", "tenants", "retention",
                "encryption",
            ],
            in: &file)
        if let path = root.text("database", in: &file) { settings.database = path }
        if let path = root.text("trust-anchors", in: &file) { settings.trustAnchors = path }
        if let url = root.text("public-url", in: &file), let node = root.node("public-url") {
            switch WebAddress(url) {
            case let address?: settings.publicURL = address.text
            case nil: file.problem(at: node, "public-url: expected https://host\(WebAddress.found(url))")
            }
        }
        settings.retention = readRetention(root)
        readEncryption(root)
        if let section = section("ingest", of: root) { readIngest(section) }
        if let section = section("worker", of: root) { readWorker(section) }
        if let section = section("rejected", of: root) { settings.readRejected(section, in: &file) }
        if let section = section("alerts", of: root) { settings.alerts.read(section, in: &file) }
        for (name, key, value) in section("sources", of: root)?.names ?? [] { readSource(name, key, value) }
        for (name, key, value) in section("tenants", of: root)?.names ?? [] { readTenant(name, key, value) }
    }

    private mutating func section(_ name: String, of root: SettingsSection) -> SettingsSection? {
        root.node(name).flatMap { SettingsSection($0, path: root.qualified(name), in: &file) }
    }

    private mutating func readIngest(_ section: SettingsSection) {
        section.refuseOthers(than: ["body-limit", "turns", "max-waiting", "free-space-floor"], in: &file)
        if let bytes = section.bytes("body-limit", 1024...64 << 20, in: &file) { settings.ingest.bodyLimit = bytes }
        if let count = section.number("turns", 1...16, in: &file) { settings.ingest.turns = count }
        if let count = section.number("max-waiting", 8...10_000, in: &file) { settings.ingest.maxWaiting = count }
        if let bytes = section.bytes("free-space-floor", 0...1 << 40, in: &file) { settings.ingest.freeSpaceFloor = bytes }
    }

    private mutating func readWorker(_ section: SettingsSection) {
        section.refuseOthers(
            than: ["batch-size", "connections", "lease", "connect-timeout", "timeout", "tries"] + Self.deliveryNames, in: &file)
        if let count = section.number("batch-size", 1...100, in: &file) { settings.worker.batchSize = count }
        if let count = section.number("connections", 1...32, in: &file) { settings.worker.connections = count }
        if let time = section.duration("lease", 5...3600, in: &file) { settings.worker.lease = time }
        if let time = section.duration("connect-timeout", 1...60, in: &file) { settings.worker.connectTimeout = time }
        if let time = section.duration("timeout", 1...600, in: &file) { settings.worker.timeout = time }
        if let count = section.number("tries", 1...20, in: &file) { settings.worker.tries = count }
        var worker = settings.worker
        readDelivery(section, into: &worker)
        settings.worker = worker
        if worker.lease <= worker.timeout, let node = section.node("lease") ?? section.node("timeout") {
            file.problem(
                at: node, "worker.lease: must be longer than worker.timeout, or a slow answer is counted as a dead worker")
        }
    }

    private mutating func readSource(_ text: String, _ key: SettingsNode, _ value: SettingsNode) {
        guard let name = SourceName(text) else {
            return file.problem(at: key, "sources.\(text): expected 1 to 40 of a-z, 0-9 and '-'")
        }
        namedSources.insert(name)
        guard let section = SettingsSection(value, path: "sources.\(name)", in: &file) else { return }
        guard section.node("scheme") != nil || Catalogue.provider(for: name) != nil else {
            let hint = hint(forSource: text)
            return file.problem(
                at: key, "sources.\(text): no such source\(hint); gatepost providers lists them, one of your own needs a scheme")
        }
        settings.alerts.longestQuiet[name] = section.duration("longest-quiet", 60...30 * 86_400, in: &file)
        sourceSettings[name] = SourceSettings(name, key, section, in: &file)
    }

    func isKnown(_ source: SourceName) -> Bool { namedSources.contains(source) || Catalogue.provider(for: source) != nil }

    /// ` (did you mean stripe?)`, or nothing.
    func hint(forSource text: some StringProtocol) -> String {
        Nearest.hint(for: text.lowercased(), among: (Catalogue.providers.map(\.source) + sourceSettings.keys.sorted()).map(\.description))
    }

    private mutating func readTenant(_ text: String, _ key: SettingsNode, _ value: SettingsNode) {
        guard let name = TenantName(text) else {
            return file.problem(at: key, "tenants.\(text): expected 1 to 64 letters, digits, '.', '_' or '-'")
        }
        guard let section = SettingsSection(value, path: "tenants.\(name)", in: &file) else { return }
        section.refuseOthers(than: ["wordpress", "user", "backfill", "longest-quiet"] + Self.tenantNames, in: &file)
        var tenant = Settings.Tenant()
        if let url = section.text("wordpress", in: &file), let node = section.node("wordpress") {
            switch WebAddress(url) {
            case let address?: tenant.wordpress = Settings.WordPress(baseURL: address.text)
            case nil: file.problem(at: node, "tenants.\(name).wordpress: \(WebAddress.expectation)\(WebAddress.found(url))")
            }
        }
        users[name] = section.text("user", in: &file)
        if let node = section.node("user"), users[name]?.contains(":") == true {
            file.problem(at: node, "tenants.\(name).user: \(Self.colonInUser)")
        }
        tenant.delivery = readTenantDelivery(section)
        tenant.apis = readProviderAPIs(section)
        settings.alerts.readQuiet(of: name, section, in: &file)
        settings.tenants[name] = tenant
    }

    // MARK: The environment

    mutating func readSecrets(_ environment: inout Environment) {
        if let path = environment.value("GATEPOST_DB")?.value { settings.database = path }
        readDataKeys(&environment)
        readSources(&environment)
        settings.alerts.readSecrets(&environment, &file)
        readTracing(&environment)
        for name in settings.tenants.keys {
            readWordPress(of: name, &environment)
            readProviderKeys(of: name, &environment)
        }
        refuseSharedSuffixes()
        refuseUnreadNames(environment)
        noteStrayVariables(environment)
        settings.origins.variables = environment.found
    }

    /// `a-b` and `a_b` would silently read each other's `NAME__A_B`.
    private mutating func refuseSharedSuffixes() {
        for (suffix, tenants) in Dictionary(grouping: settings.tenants.keys, by: \.environmentSuffix) where tenants.count > 1 {
            let names = tenants.sorted().map(\.description).joined(separator: " and ")
            let text = "tenants \(names) both read …__\(suffix); give one of them another name"
            file.problems.append(.init(place: file.path, text: text))
        }
    }

    /// The first colon ends the user's name (RFC 7617).
    private static let colonInUser = "a user with a colon in it cannot be sent with a password"

    private mutating func readWordPress(of tenant: TenantName, _ environment: inout Environment) {
        func own(_ name: String) -> (value: String, place: String, line: Int?)? {
            environment.value("\(name)__\(tenant.environmentSuffix)") ?? environment.value(name)
        }
        var wordpress = settings.tenants[tenant]?.wordpress
        if wordpress == nil, let (url, place, line) = own("WORDPRESS_BASE_URL") {
            guard let address = WebAddress(url) else {
                let problem = "WORDPRESS_BASE_URL of tenant \(tenant): \(WebAddress.expectation)"
                file.problems.append(.init(place: place, line: line, text: problem))
                return
            }
            wordpress = Settings.WordPress(baseURL: address.text)
        }
        guard wordpress != nil else { return }
        let user = own("WORDPRESS_USER")
        wordpress?.user = users[tenant] ?? user?.value
        if user?.value.contains(":") == true { refuse(user, "WORDPRESS_USER: \(Self.colonInUser)") }
        wordpress?.appPassword = oneLine(own("WORDPRESS_APP_PASSWORD"), "WORDPRESS_APP_PASSWORD")
        wordpress?.token = oneLine(own("WORDPRESS_TOKEN"), "WORDPRESS_TOKEN")
        wordpress?.sharedSecret = oneLine(own("HMAC_SHARED_SECRET"), "HMAC_SHARED_SECRET")
        wordpress?.nextSecret = oneLine(own("HMAC_SHARED_SECRET_NEXT"), "HMAC_SHARED_SECRET_NEXT")
        wordpress?.signingKey = readSigningKey(own("JWT_PRIVATE_KEY"), of: tenant)
        let delivery = settings.tenants[tenant]?.delivery ?? .init()
        wordpress?.auth = delivery.auth
        wordpress?.keyID = delivery.keyID
        wordpress?.caFile = delivery.caFile
        settings.tenants[tenant]?.wordpress = wordpress
    }

    /// What goes into a header or is typed into a form at the other end. A line end in it would begin another header.
    private mutating func oneLine(_ found: (value: String, place: String, line: Int?)?, _ name: String) -> Secret? {
        guard let found else { return nil }
        guard !found.value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            refuse(found, "\(name): a line end, or another control character, stands in it")
            return nil
        }
        return Secret(found.value)
    }

    /// Once, though every tenant asks.
    private mutating func refuse(_ found: (value: String, place: String, line: Int?)?, _ text: String) {
        guard let found else { return }
        let problem = SettingsProblem(place: found.place, line: found.line, text: text)
        if !file.problems.contains(problem) { file.problems.append(problem) }
    }
}
