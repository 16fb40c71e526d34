import ArgumentParser
import Common

struct PrivacyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "privacy", abstract: "What is kept of people, and everything of one person: to give it out, or to erase it.",
        subcommands: [PrivacyReportCommand.self, PrivacyExportCommand.self, PrivacyEraseCommand.self])
}

/// Whose data.
struct PersonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Who has this e-mail address, wherever it stands in a payload, in capitals or not.", valueName: "address"))
    var email: String?

    @Option(help: ArgumentHelp("Whom the source knows by this id.", valueName: "id"))
    var user: String?

    @Option(help: "Of `--user`: the source.")
    var source: SourceName?

    @Option(help: "Of this tenant alone.")
    var tenant: TenantName?

    @Flag(name: .customLong("no-wordpress"), help: "In the store alone; no WordPress is asked.")
    var noWordPress = false

    func validate() throws {
        guard (email == nil) != (user == nil) else { throw ValidationError("name a person: --email ADDRESS, or --user ID --source NAME") }
        guard (user == nil) == (source == nil) else { throw ValidationError("--user and --source go together") }
        if let email, !email.contains("@") || email.count < 5 { throw ValidationError("--email: expected a whole address") }
        if let user, user.isEmpty { throw ValidationError("--user: expected an id") }
    }

    var person: Person {
        if let user, let source { return .user(source, id: user) }
        return .email(email ?? "")
    }

    func find(in store: Store, _ settings: Settings) throws -> PersonSearch.Result {
        try store.refuseLocked()
        try tenant?.refuseUnknown(in: store)
        let meter = ProgressLine(isShown: true)
        defer { meter.end() }
        return try PersonSearch(store: store, providers: settings.providers).find(person, tenant: tenant) {
            meter.show("\($0.looked) events looked at, \($0.hits.count) found")
        }
    }

    /// The addresses under which WordPress is asked: the one that was named and its hashes, else those of the person's events.
    func emails(_ result: PersonSearch.Result) -> [String] {
        email.map { [$0] + result.standIns.sorted() } ?? result.hits.reduce(into: Set<String>()) { $0.formUnion($1.emails) }.sorted()
    }
}

extension StoreOptions {
    /// Settings are needed, for the tenants' WordPress and for reading payloads.
    func openWithSettings(_ access: Store.Access) throws -> (Store, Settings) {
        let settings = try Settings.load()
        return (try Store(path: path ?? settings.database, access: access, vault: settings.encryption.vault), settings)
    }
}
