import ArgumentParser
import Common

struct RejectedReverifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reverify", abstract: "Judges rejected requests again by today's secrets, and takes in those that verify now.",
        discussion: """
            Name requests, or say --all, perhaps of one source, tenant, reason or time. Signed times are judged as of the arrival. \
            What verifies goes the way of any event; one that came again meanwhile is a duplicate. Running it twice does no harm.

            Exit status: 0 done, 1 failed or a named request is refused still, 2 bad usage or settings.
            """)

    @Argument(help: "Which requests: our ids, as `rejected list` has them.")
    var ids: [String] = []

    @Flag(help: "Every one that is rejected still and that the filters leave.")
    var all = false

    @OptionGroup var options: RejectedFilterOptions
    @OptionGroup var storeOptions: StoreOptions

    @Option(
        name: .customLong("clock-was-behind"),
        help: ArgumentHelp("This machine's clock was so much behind when they came: 90s, 15m, 2h.", valueName: "time"))
    var behind: SpanArgument?

    @Option(
        name: .customLong("clock-was-ahead"), help: ArgumentHelp("The same the other way.", valueName: "time"))
    var ahead: SpanArgument?

    @Flag(name: .customLong("dry-run"), help: "Only say what would become of them.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard all != !ids.isEmpty else {
            throw ValidationError(all ? "name requests or say --all, not both" : "name requests, or say --all")
        }
        guard all || options.isEmpty else { throw ValidationError("--source, --tenant, --reason, --since and --until go with --all") }
        guard behind == nil || ahead == nil else { throw ValidationError("--clock-was-behind and --clock-was-ahead do not go together") }
    }

    func run() throws {
        var settings = try Settings.load()
        let now = WallClock.system.now()
        let store = try Store(
            path: storeOptions.path ?? settings.database, access: dryRun ? .readOnly : .readWrite, vault: settings.encryption.vault)
        try store.refuseLocked()
        settings.hashKey = store.vault.hashKey
        try options.tenant?.refuseUnknown(in: store)
        let queries = RejectionQueries(store: store)
        let named = try ids.map { try queries.only($0).rejection.sequence }
        let sequences = all ? try queries.sequences(options.filter(now: now, onlyOpen: true)) : Array(Set(named)).sorted()
        var run = ReverifyRun(
            store: store, reverification: try reverification(settings.adding(LearnedSecrets(store: store).load(now: now)), now: now),
            anchors: TrustAnchors(path: settings.trustAnchors), now: now, isDry: dryRun)
        if !dryRun { try store.recordCommand("rejected.reverify", object, count: sequences.count, detail: clock) }
        try run.judge(sequences)
        if json { Output.json(run.report.json(isDry: dryRun)) } else { run.report.print(isDry: dryRun) }
        if !all, run.report.lines.contains(where: { !$0.isWell }) { throw Failure("") }
    }

    private var object: String { all ? "all\(options.words)" : ids.joined(separator: " ") }

    private var clock: String? {
        (behind.map { "clock was behind by \($0.duration)" }) ?? ahead.map { "clock was ahead by \($0.duration)" }
    }

    private func reverification(_ settings: Settings, now: Timestamp) throws -> Reverification {
        do throws(SecretError) {
            return try Reverification(settings, now: now, clockWasBehind: behind?.duration ?? .zero - (ahead?.duration ?? .zero))
        } catch {
            throw Failure("\(error)", status: Failure.badSettings)
        }
    }
}

/// A length of time: `90s`, `15m`, `2h`, `7d`.
struct SpanArgument: ExpressibleByArgument, Equatable {
    let duration: Duration

    init?(argument text: String) {
        guard case .ago(let duration) = TimeArgument(argument: text) else { return nil }
        self.duration = duration
    }
}
