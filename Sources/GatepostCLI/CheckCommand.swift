import ArgumentParser
import Common
import Foundation

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads settings and secrets, says what is wrong with them, starts nothing.",
        discussion: """
            Every problem is one line on standard error; then the exit status is 2. With --connect each WordPress is asked whether a push \
            would get through; where one would not, the exit status is 1.
            """)

    @Flag(help: "Also ask every tenant's WordPress. Changes nothing there.")
    var connect = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let (settings, problems) = Self.read()
        let connections = connect ? try settings.map(ConnectionCheck.init) : nil
        if json {
            Output.json(settings.json(problems: problems).adding(connections.map { [.init(name: "connections", value: $0.json)] } ?? []))
        } else if let settings, problems.isEmpty {
            settings.print()
            connections?.print()
        }
        guard problems.isEmpty else {
            throw Failure(problems.map(\.description).joined(separator: "\n"), status: Failure.badSettings)
        }
        if connections?.isWell == false { throw Failure("not every WordPress would take a push", status: Failure.failed) }
    }

    private static func read() -> (Settings?, [SettingsProblem]) {
        do throws(SettingsError) {
            let settings = try Settings.load().withLearned
            return (settings, settings.gaps)
        } catch {
            return (nil, error.problems)
        }
    }
}

extension Settings {
    /// With what the store has learned, where there is a store yet.
    var withLearned: Settings {
        guard let store = try? Store(path: database, access: .readOnly, vault: encryption.vault),
            let learned = try? LearnedSecrets(store: store).load(now: WallClock.system.now())
        else { return self }
        return adding(learned)
    }

    /// The store is encrypted with a key that is not there.
    private var keyGaps: [String] {
        guard let store = try? Store(path: database, access: .readOnly, vault: encryption.vault) else { return [] }
        do throws(StoreError) {
            try store.refuseLocked()
            return []
        } catch {
            return [error.description]
        }
    }

    /// What no single setting is wrong about, and yet nothing would work.
    var gaps: [SettingsProblem] {
        var texts: [String] = []
        if sources.isEmpty { texts.append("no source has a secret; set PROVIDER_SECRETS_STRIPE=tenant:secret or another source's") }
        texts += trustGaps + secretGaps + keyGaps
        texts += strayVariables.map { name in
            "\(name): nothing reads this; no tenant has the suffix \(name.range(of: "__").map { name[$0.lowerBound...] } ?? "")"
        }
        let served = Set(sources.values.flatMap { $0.secrets.map(\.tenant) })
        for (name, tenant) in tenants.sorted(by: { $0.key < $1.key }) {
            guard let wordpress = tenant.wordpress else {
                if served.contains(name) {
                    texts.append(
                        "tenant \(name) has a source but no WordPress; set tenants.\(name).wordpress or WORDPRESS_BASE_URL__\(name.environmentSuffix)"
                    )
                }
                continue
            }
            if wordpress.appPassword != nil, wordpress.user == nil {
                texts.append("tenant \(name) has an application password but no user; set WORDPRESS_USER__\(name.environmentSuffix)")
            } else if wordpress.authentication.isEmpty {
                texts.append(
                    "tenant \(name) has no credential for its WordPress; set WORDPRESS_USER and WORDPRESS_APP_PASSWORD, WORDPRESS_TOKEN "
                        + "or HMAC_SHARED_SECRET (for it alone: …__\(name.environmentSuffix))")
            }
        }
        return texts.map { SettingsProblem(place: "settings", text: $0) }
    }

    /// How many of them verify now.
    fileprivate static func active(_ secrets: [ProviderSecret], _ provider: Provider) -> Int {
        let now = WallClock.system.now()
        return secrets.count { $0.window.contains(now) && provider.isSigned(with: $0.secret) }
    }

    /// For people: `-` where none is needed, `waits` where one is to be learned.
    static func activeWords(_ secrets: [ProviderSecret], _ provider: Provider) -> String {
        if provider.provesNothing { return "-" }
        return secrets.isEmpty && provider.handsOverItsSecret ? "waits" : String(active(secrets, provider))
    }

    /// Whose secrets have all ended, or have not begun.
    private var secretGaps: [String] {
        sources.filter { !$0.value.provider.provesNothing }.sorted { $0.key < $1.key }.flatMap { name, source in
            source.secrets.filter { !$0.secrets.isEmpty && Self.active($0.secrets, source.provider) == 0 }.map { tenant, _ in
                "no secret of tenant \(tenant) for \(name) counts now: each has ended, not begun or signs nothing; see gatepost secrets list"
            }
        }
    }

    /// Without authorities nothing of PayPal's would be believed.
    private var trustGaps: [String] {
        let names = sources.filter { $0.value.provider.certificateRule?.needsChain == true }.keys.sorted().map(\.description)
        guard !names.isEmpty, TrustAnchors(path: trustAnchors).pems.isEmpty else { return [] }
        return ["\(trustAnchors) holds no certificate, and \(names.joined(separator: ", ")) cannot be verified; install ca-certificates"]
    }

    fileprivate func print() {
        Output.line("database    \(database.printable)")
        if let publicURL { Output.line("public URL  \(publicURL)") }
        Output.line("traces      \(tracing?.origin ?? "off")")
        Output.line()
        var list = Table(["SOURCE", "TENANT", "ACTIVE SECRETS"])
        for (name, source) in sources.sorted(by: { $0.key < $1.key }) {
            for (tenant, secrets) in source.secrets {
                list.add([name.description, tenant.description, Self.activeWords(secrets, source.provider)])
            }
        }
        Output.table(list)
        Output.line()
        var sites = Table(["TENANT", "WORDPRESS", "AUTH"])
        for (name, tenant) in tenants.sorted(by: { $0.key < $1.key }) {
            sites.add([name.description, tenant.wordpress?.baseURL, tenant.wordpress?.authentication.joined(separator: ", ")])
        }
        Output.table(sites)
    }
}

extension Settings? {
    fileprivate func json(problems: [SettingsProblem]) -> JSONTree {
        let sources = self?.sources.sorted { $0.key < $1.key }.flatMap { name, source in
            source.secrets.map { tenant, secrets -> JSONTree in
                [
                    "source": .string(name.description), "tenant": .string(tenant.description),
                    "active_secrets": .number(String(Settings.active(secrets, source.provider))),
                ]
            }
        }
        let tenants = self?.tenants.sorted { $0.key < $1.key }.map { name, tenant -> JSONTree in
            [
                "tenant": .string(name.description), "wordpress": JSONTree(tenant.wordpress?.baseURL),
                "auth": .array((tenant.wordpress?.authentication ?? []).map { .string($0) }),
            ]
        }
        let list = problems.map { problem -> JSONTree in
            ["place": .string(problem.place), "line": JSONTree(problem.line), "text": .string(problem.text)]
        }
        return [
            "ok": .bool(problems.isEmpty), "database": JSONTree(self?.database), "public_url": JSONTree(self?.publicURL),
            "traces": JSONTree(self?.tracing?.origin),
            "sources": .array(sources ?? []), "tenants": .array(tenants ?? []), "problems": .array(list),
        ]
    }
}

extension Settings.WordPress {
    /// The ways in which we can convince it, in words; never the secrets.
    var authentication: [String] {
        guard auth == .applicationPassword else {
            let signed = auth == .jwt ? ["JWT", "shared secret"] : ["shared secret"]
            return sharedSecret == nil ? [] : signed
        }
        var ways: [String] = []
        if user != nil, appPassword != nil { ways.append("application password") }
        if token != nil { ways.append("token") }
        if sharedSecret != nil { ways.append("shared secret") }
        return ways
    }
}
