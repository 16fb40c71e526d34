import ArgumentParser
import Common

struct RejectedShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Everything of one rejected request, and why it fails by today's settings.",
        discussion: "Credentials are not printed, of signatures the beginning alone.")

    @Argument(help: "Which: our id, as `rejected list` and ingest's log have it.")
    var id: String

    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print the body alone, exactly as it was sent.")
    var raw = false

    func validate() throws {
        if raw, json { throw ValidationError("--raw and --json do not go together") }
    }

    func run() throws {
        let store = try storeOptions.open(.readOnly)
        let stored = try RejectionQueries(store: store).only(id)
        if raw { return Output.write(stored.body) }
        let view = RejectedView(stored: stored, explanation: Self.explanation(of: stored, in: store), providers: .inSettings)
        if json { Output.json(view.json) } else { view.print(now: WallClock.system.now()) }
    }

    /// As of its arrival. Nil where there are no settings to judge by, as on another machine.
    private static func explanation(of stored: StoredRejection, in store: Store) -> Explanation? {
        guard let read = try? Settings.load(), let provider = read.providers[source: stored.rejection.source] else { return nil }
        let now = WallClock.system.now()
        let settings = (try? LearnedSecrets(store: store).load(now: now)).map(read.adding) ?? read
        let arrival = stored.arrival(publicURL: settings.publicURL, createdBy: "show")
        return Explainer(provider, tenant: stored.rejection.tenant, secrets: settings.knownSecrets(now: now))
            .explain(arrival.request, now: arrival.receivedAt)
    }
}
