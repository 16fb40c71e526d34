import ArgumentParser
import Backfill
import Common

struct BackfillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill", abstract: "Asks a provider for what it sent, and takes in what never came.",
        discussion: """
            stripe, github, shopify, hubspot, woocommerce: by the provider's API, with the tenant's BACKFILL_KEY_… . Else a file, as \
            `gatepost events export` writes it. What we have is left alone; what comes later by webhook is a duplicate then. Which types: \
            those in the settings, else all that go to WordPress.

            Killed or out of requests: --resume goes on. Exit status: 0 done, 1 failed, 2 bad usage or settings.
            """)

    @Argument(help: "The provider, or a file of JSON lines.")
    var what: String

    @Option(help: "For this tenant.")
    var tenant: TenantName

    @Option(help: "Of a file: events of this source alone.")
    var source: SourceName?

    @Option(help: ArgumentHelp("From then on: 2026-01-31T09:00:00Z (RFC 3339), or 90s, 15m, 2h, 7d ago.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Up to then; without it, now.", valueName: "time"))
    var until: TimeArgument?

    @Option(help: "Of this type; * stands for any text. May stand several times.")
    var type: [EventPattern] = []

    @Flag(help: "Stripe: only what some endpoint did not take.")
    var undelivered = false

    @Flag(help: "GitHub: have it send again what is missing, instead of taking it in.")
    var redeliver = false

    @Flag(help: "Go on with the last run of this provider and tenant.")
    var resume = false

    @Flag(name: .customLong("dry-run"), help: "Only say what would be taken in.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if provider == nil {
            guard !resume, !undelivered, !redeliver, type.isEmpty else {
                throw ValidationError("--resume, --undelivered, --redeliver and --type go with a provider, not with a file")
            }
            return
        }
        guard source == nil else { throw ValidationError("--source goes with a file; the provider is named by the argument") }
        guard resume != (since != nil) else { throw ValidationError("say --since, or --resume to go on with the last run") }
        guard !resume || until == nil && type.isEmpty && !undelivered && !redeliver && !dryRun else {
            throw ValidationError("--resume goes on as the run was begun; no other option goes with it but --json")
        }
        guard !undelivered || what == "stripe" else { throw ValidationError("--undelivered: only Stripe's list says that") }
        guard !redeliver || what == "github" else { throw ValidationError("--redeliver: only GitHub can be asked for it") }
    }

    private var provider: SourceName? { Settings.ProviderAPI.sources.first { $0.description == what } }

    func run() throws {
        let settings = try Settings.load()
        try tenant.refuseUnknown(among: Array(settings.tenants.keys))
        let store = try Store(
            path: settings.database, access: dryRun ? .readOnly : .readWrite, vault: settings.encryption.vault)
        try store.refuseLocked()
        do {
            if let provider {
                try ask(provider, settings, store)
            } else {
                try read(settings, store)
            }
        } catch let error as BackfillError {
            if case .notSetUp(let text) = error { throw Failure(text, status: Failure.badSettings) }
            throw Failure("\(error)")
        }
    }

    // MARK: A provider

    private func ask(_ name: SourceName, _ settings: Settings, _ store: Store) throws {
        let now = WallClock.system.now()
        let progress = try resume ? resumed(name, store) : begun(name, now: now)
        let options = BackfillOptions(json: progress.options)
        var wish = Connection.Wish()
        (wish.types, wish.undelivered) = (options.types, options.undelivered)
        let api = settings.tenants[tenant]?.apis[name]
        let connection = try Connection(name, tenant: tenant, api, wish)
        guard let source = settings.anySource(name) else { throw Failure("no source \(name)", status: Failure.badUsage) }
        var request = BackfillRun.Request(source: source, tenant: tenant, since: progress.since, until: progress.until)
        request.types = options.types.isEmpty ? api?.types ?? [] : options.types
        (request.redeliver, request.isDry) = (options.redeliver, dryRun)
        if !dryRun { try store.recordCommand("backfill", "\(name) \(tenant)", detail: "begun: \(progress.since) to \(progress.until)") }
        let line = BackfillProgressLine()
        var run = BackfillRun(store: store, request: request, connection: connection, progress: progress) { line.show($0) }
        defer { line.end() }
        try run.run()
        line.end()
        if !dryRun {
            try store.recordCommand(
                "backfill", "\(name) \(tenant)", count: run.report.taken, detail: "done: \(run.report.duplicates) duplicates")
        }
        BackfillView(report: run.report, isDry: dryRun).show(json: json)
    }

    private func begun(_ name: SourceName, now: Timestamp) throws -> BackfillProgress {
        let (from, to) = (since?.resolved(now: now) ?? now, until?.resolved(now: now) ?? now)
        guard from < to else { throw Failure("--since lies behind --until", status: Failure.badUsage) }
        let options = BackfillOptions(types: type, undelivered: undelivered, redeliver: redeliver)
        return BackfillProgress(tenant: tenant, source: name, since: from, until: min(to, now), options: options.json, begunAt: now)
    }

    private func resumed(_ name: SourceName, _ store: Store) throws -> BackfillProgress {
        guard let progress = try store.backfill(of: name, tenant: tenant) else {
            throw Failure("there was no backfill of \(name) for tenant \(tenant) to go on with; say --since")
        }
        guard progress.finishedAt == nil else {
            throw Failure("the last backfill of \(name) for tenant \(tenant) came to its end, \(progress.until); say --since")
        }
        return progress
    }

    // MARK: A file

    private func read(_ settings: Settings, _ store: Store) throws {
        let now = WallClock.system.now()
        var request = FileBackfill.Request(tenant: tenant)
        (request.source, request.isDry) = (source, dryRun)
        (request.since, request.until) = (since?.resolved(now: now), until?.resolved(now: now))
        if !dryRun { try store.recordCommand("backfill", "file for \(tenant)", detail: "begun: \(what)") }
        let line = BackfillProgressLine()
        var run = FileBackfill(store: store, settings: settings, request: request)
        defer { line.end() }
        try run.run(path: what) { line.show($0) }
        line.end()
        if !dryRun {
            try store.recordCommand(
                "backfill", "file for \(tenant)", count: run.report.taken, detail: "done: \(run.report.duplicates) duplicates")
        }
        BackfillView(report: run.report, isDry: dryRun, others: run.others, faults: run.faults).show(json: json)
        guard run.faults > 0 else { return }
        throw Failure(run.complaints.map { "\(what): line \($0.line): \($0.why)" }.joined(separator: "\n"))
    }
}
