import ArgumentParser
import Common

struct SecretsLearnedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learned", abstract: "Secrets that providers handed over, and open windows.",
        discussion: """
            No secret is printed, but with --show: the newest one of the source and tenant, alone, for pasting where the provider asks for \
            it (Notion).
            """)

    @Argument(help: "Of this source.")
    var source: SourceName?

    @Option(help: "Of this tenant.")
    var tenant: TenantName?

    @Flag(help: "Print the secret itself. Names source and tenant.")
    var show = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var storeOptions: StoreOptions

    func validate() throws {
        try source?.validateIsKnown()
        if show, source == nil || tenant == nil { throw ValidationError("--show: say which source and which --tenant") }
        if show, json { throw ValidationError("--show and --json do not go together") }
    }

    func run() throws {
        let now = WallClock.system.now()
        var learned = try LearnedSecrets(store: storeOptions.open(.readOnly)).load(now: now)
        learned.secrets = learned.secrets.filter { (source == nil || $0.source == source) && (tenant == nil || $0.tenant == tenant) }
        learned.windows = learned.windows.filter { (source == nil || $0.source == source) && (tenant == nil || $0.tenant == tenant) }
        if show {
            guard let last = learned.secrets.last else { throw Failure("no secret was learned for this source and tenant") }
            return Output.line(last.secret.exposed.printable)
        }
        if json { Output.json(learned.json) } else { learned.print(now: now) }
    }
}

extension Learned {
    fileprivate var json: JSONTree {
        let list = secrets.map { secret -> JSONTree in
            [
                "id": JSONTree(Int(secret.id)), "source": .string(secret.source.description), "tenant": .string(secret.tenant.description),
                "learned_at": JSONTree(secret.learnedAt), "source_ip": JSONTree(secret.sourceIP),
            ]
        }
        let open = windows.map { window -> JSONTree in
            [
                "source": .string(window.source.description), "tenant": .string(window.tenant.description),
                "closes_at": JSONTree(window.closesAt),
            ]
        }
        return ["learned": .array(list), "windows": .array(open)]
    }

    fileprivate func print(now: Timestamp) {
        for window in windows {
            Output.line("waits for \(window.source), tenant \(window.tenant), until \(Age.dated(window.closesAt, now: now))")
        }
        guard !secrets.isEmpty else { return Output.line("no secret was learned") }
        var table = Table(["ID", "SOURCE", "TENANT", "LEARNED", "FROM"])
        for secret in secrets {
            table.add([
                String(secret.id), secret.source.description, secret.tenant.description, Age.dated(secret.learnedAt, now: now),
                secret.sourceIP,
            ])
        }
        Output.table(table)
    }
}
