import Foundation

extension Settings {
    /// How a tenant's events go to its WordPress, as the file has it; the address may stand in the environment.
    public struct Delivery: Sendable, Equatable {
        public var auth = WordPress.Auth.applicationPassword
        public var keyID: String?
        public var caFile: String?
        public var cutover = Cutover()
    }
}

/// What the worker allows itself towards a WordPress that fails.
extension SettingsReader {
    /// Names in `worker:` that are read here.
    static let deliveryNames = [
        "circuit-threshold", "circuit-shortest", "circuit-longest", "retry-base", "retry-factor", "retry-longest",
    ]

    /// Names in `tenants.NAME:` that are read here.
    static let tenantNames = ["auth", "key-id", "ca-file", "cutover"]

    mutating func readTenantDelivery(_ section: SettingsSection) -> Settings.Delivery {
        var delivery = Settings.Delivery()
        if let text = section.text("auth", in: &file), let node = section.node("auth") {
            if let auth = Settings.WordPress.Auth(rawValue: text) {
                delivery.auth = auth
            } else {
                let known = Settings.WordPress.Auth.allCases.map(\.rawValue).joined(separator: ", ")
                file.problem(at: node, "\(section.qualified("auth")): expected one of \(known)")
            }
        }
        delivery.keyID = section.text("key-id", in: &file)
        if let path = section.text("ca-file", in: &file), let node = section.node("ca-file") {
            delivery.caFile = path
            if !FileManager.default.isReadableFile(atPath: path) {
                file.problem(
                    at: node, "\(section.qualified("ca-file")): cannot read \(path); check that it exists and that this user may read it")
            }
        }
        delivery.cutover = readCutover(section)
        return delivery
    }

    mutating func readSigningKey(_ found: (value: String, place: String, line: Int?)?, of tenant: TenantName) -> SigningKey? {
        guard let (text, place, line) = found else { return nil }
        do throws(SecretError) { return try SigningKey(ed25519: text) } catch {
            file.problems.append(.init(place: place, line: line, text: "JWT_PRIVATE_KEY of tenant \(tenant): \(error)"))
            return nil
        }
    }

    private mutating func readCutover(_ section: SettingsSection) -> Cutover {
        guard let node = section.node("cutover"), let list = SettingsSection(node, path: section.qualified("cutover"), in: &file) else {
            return Cutover()
        }
        var cutover = Cutover()
        for (pattern, key, value) in list.names {
            let source = pattern.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
            if !pattern.contains("/") || source.isEmpty {
                file.problem(at: key, "\(list.qualified(pattern)): expected source/type, as in stripe/invoice.* or */*")
            } else if !source.contains("*"), SourceName(source).map(isKnown) != true {
                file.problem(at: key, "\(list.qualified(pattern)): no source \(source)\(hint(forSource: source))")
            } else if let rule = Cutover.Rule(pattern: EventPattern(pattern), value.scalar?.string ?? "") {
                cutover.rules.append(rule)
            } else {
                file.problem(at: value, "\(list.qualified(pattern)): expected off, mirror, live or a percentage of people from 0% to 100%")
            }
        }
        return cutover
    }

    mutating func readDelivery(_ section: SettingsSection, into worker: inout Settings.Worker) {
        if let count = section.number("circuit-threshold", 1...100_000, in: &file) { worker.circuit.threshold = count }
        if let time = section.duration("circuit-shortest", 1...3600, in: &file) { worker.circuit.shortest = time }
        if let time = section.duration("circuit-longest", 1...86_400, in: &file) { worker.circuit.longest = time }
        if let time = section.duration("retry-base", 1...3600, in: &file) { worker.backoff.base = time }
        if let count = section.number("retry-factor", 1...10, in: &file) { worker.backoff.factor = count }
        if let time = section.duration("retry-longest", 1...86_400, in: &file) { worker.backoff.longest = time }
        if worker.circuit.longest < worker.circuit.shortest, let node = section.node("circuit-longest") ?? section.node("circuit-shortest")
        {
            file.problem(at: node, "worker.circuit-longest: must not be shorter than worker.circuit-shortest")
        }
    }
}
