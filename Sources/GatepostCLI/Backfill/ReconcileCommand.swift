import ArgumentParser
import Backfill
import Common

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Holds what we have against what providers say they sent, and fetches what is missing.",
        discussion: """
            Every tenant and source with a BACKFILL_KEY_… , from where the last comparison ended up to 15 minutes ago. \
            gatepost-reconcile.timer, or cron, runs it with --due every quarter of an hour. What was missing stands in the log and becomes an \
            alert, missing-events.

            Exit status: 0 compared, and what was missing is here; 1 something could not be compared, or, in a dry run, is missing; \
            2 bad usage or settings.
            """)

    @Option(help: "Of this tenant alone.")
    var tenant: TenantName?

    @Option(help: "Of this source alone.")
    var source: SourceName?

    @Option(help: ArgumentHelp("From then on, instead: 2026-01-31T09:00:00Z (RFC 3339), or 2h, 7d ago.", valueName: "time"))
    var since: TimeArgument?

    @Flag(
        help: "Only what nobody has compared since three o'clock at night, or since a quarter of an hour after events could not be stored.")
    var due = false

    @Flag(help: "Only print how the last comparisons went.")
    var report = false

    @Flag(name: .customLong("dry-run"), help: "Only say what is missing.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard !report || !dryRun && !due && since == nil else {
            throw ValidationError("--report asks nobody; --dry-run, --due and --since do not go with it")
        }
        guard !due || since == nil else { throw ValidationError("--due goes on from the last comparison; --since does not go with it") }
    }

    func run() throws {
        let settings = try Settings.load()
        try tenant?.refuseUnknown(among: Array(settings.tenants.keys))
        let store = try Store(
            path: settings.database, access: dryRun || report ? .readOnly : .readWrite, vault: settings.encryption.vault)
        try store.refuseLocked()
        if report { return try show(store) }
        let pairs = Reconciler.pairs(settings).filter { (tenant ?? $0.tenant) == $0.tenant && (source ?? $0.source) == $0.source }
        guard !pairs.isEmpty else {
            throw Failure("nothing to compare: no tenant has a BACKFILL_KEY_… for such a source", status: Failure.badSettings)
        }
        let outcomes = try compare(due ? try pairs.filter(isDue(in: store)) : pairs, settings, store)
        if json {
            Output.json(["dry_run": .bool(dryRun), "comparisons": .array(outcomes.map(\.json))])
        } else if outcomes.isEmpty {
            Output.line("nothing is due")
        } else {
            outcomes.printTable(isDry: dryRun)
        }
        let isIncomplete = outcomes.contains { $0.error != nil || dryRun && $0.report.taken > 0 }
        if isIncomplete { throw Failure("") }
    }

    private func isDue(in store: Store) throws -> ((tenant: TenantName, source: SourceName)) -> Bool {
        let (rows, outage, now) = (try store.reconciliations(), try store.lastOutage(), WallClock.system.now())
        return { pair in
            let last = rows.first { $0.tenant == pair.tenant.description && $0.source == pair.source.description }
            return Reconciler.isDue(last, after: outage, now: now)
        }
    }

    private func compare(
        _ pairs: [(tenant: TenantName, source: SourceName)], _ settings: Settings, _ store: Store
    ) throws -> [Reconciler.Outcome] {
        let now = WallClock.system.now()
        let reconciler = Reconciler(store: store, settings: settings)
        let outcomes = try pairs.map { try reconciler.run($0.tenant, $0.source, since: since?.resolved(now: now), isDry: dryRun) }
        LogSink.write(outcomes.compactMap { $0.logLine(isDry: dryRun) })
        let fetched = outcomes.reduce(0) { $0 + $1.report.taken }
        if !dryRun, fetched > 0 { try store.recordCommand("reconcile", count: fetched, detail: "fetched") }
        return outcomes
    }

    private func show(_ store: Store) throws {
        let now = WallClock.system.now()
        let rows = try store.reconciliations().filter {
            (tenant?.description ?? $0.tenant) == $0.tenant && (source?.description ?? $0.source) == $0.source
        }
        let outage = try store.lastOutage()
        if json {
            let span: JSONTree? = outage.map { ["began": JSONTree($0.began), "ended": JSONTree($0.ended)] }
            return Output.json(["comparisons": .array(rows.map(\.json)), "last_outage": span ?? .null])
        }
        if let outage { Output.line("no event could be stored from \(outage.began) to \(outage.ended)\n") }
        guard !rows.isEmpty else { return Output.line("nothing has been compared yet") }
        var table = Table(["TENANT", "SOURCE", "COMPARED UP TO", "RAN", "LISTED", "MISSING", "LAST MISSING", "ERROR"])
        for row in rows {
            table.add([
                row.tenant, row.source, row.through.description, Age.text(of: row.ranAt, now: now), String(row.listed), String(row.missing),
                row.missingAt.map { Age.text(of: $0, now: now) }, row.error,
            ])
        }
        Output.table(table)
    }
}

extension Reconciliation {
    fileprivate var json: JSONTree {
        [
            "tenant": .string(tenant), "source": .string(source), "through": JSONTree(through), "ran_at": JSONTree(ranAt),
            "listed": JSONTree(listed), "missing": JSONTree(missing), "missing_at": JSONTree(missingAt), "error": JSONTree(error),
            "failing_since": JSONTree(failingSince),
        ]
    }
}

extension Reconciler.Outcome {
    fileprivate var json: JSONTree {
        [
            "tenant": .string(tenant.description), "source": .string(source.description), "since": JSONTree(since),
            "until": JSONTree(until), "reached": JSONTree(report.reached), "listed": JSONTree(report.listed),
            "missing": JSONTree(report.taken), "gone": JSONTree(report.gone), "requests": JSONTree(report.requests),
            "error": JSONTree(error),
        ]
    }

    /// Nothing where nothing was missing.
    fileprivate func logLine(isDry: Bool) -> LogLine? {
        let now = WallClock.system.now()
        func line(_ text: String, _ outcome: String) -> LogLine {
            LogLine(text, level: .warning, at: now).with("outcome", outcome).with("tenant", tenant.description)
                .with("source", source.description)
        }
        if let error { return line("what the provider sent could not be compared: \(error)", "not_compared") }
        guard report.taken > 0 else { return nil }
        return line("\(report.taken) events never came\(isDry ? "" : " and were fetched")", "missing")
    }
}

extension [Reconciler.Outcome] {
    fileprivate func printTable(isDry: Bool) {
        var table = Table(["TENANT", "SOURCE", "FROM", "TO", "LISTED", isDry ? "MISSING" : "FETCHED", "ERROR"])
        for outcome in self {
            table.add([
                outcome.tenant.description, outcome.source.description, outcome.since.description, outcome.report.reached.description,
                String(outcome.report.listed), String(outcome.report.taken), outcome.error,
            ])
        }
        Output.table(table)
    }
}
