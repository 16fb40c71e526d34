import Alerting
import ArgumentParser
import CMalloc
import CommandEntry
import Common
import Foundation
import Transport

@main
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatepost-worker",
        abstract: "Pushes stored events to WordPress.",
        discussion: """
            First fetches what ingest waits for (certificates), then takes what is due, pushes it in batches and writes down what became of it, until nothing is due. Started by a timer or cron; \
            several at once do no harm. SIGTERM ends it once what is under way is settled.

            Exit status: 0 done, 1 failed, 2 bad usage or settings.
            """,
        version: Gatepost.version)

    static func main() { start() }

    @Flag(help: "Drain what is due and exit (the only way to run so far).")
    var once = false

    @Option(help: ArgumentHelp("With nothing due, wait for more up to so long, 0 to 60, before exiting.", valueName: "seconds"))
    var linger = 0.0

    /// Of SQLite's pages. A run goes through a backlog once: of 300,000 events 12 MiB would spare a hundredth of the reads. With 3 MiB the
    /// pages that a transaction changes find no room any more, and a tenth more is written.
    private static let pageCache = 4 << 20

    func validate() throws {
        guard (0...60).contains(linger) else { throw ValidationError("--linger: expected 0 to 60 seconds, found \(linger)") }
    }

    func run() throws {
        umask(0o027)
        guard once else { throw ValidationError("say --once") }
        signal(SIGPIPE, SIG_IGN)
        let stop = blockStopSignals()
        // SQLite counts what it takes, under a lock each time, for statistics that nobody asks for.
        _ = gatepost_sqlite_counts_no_memory()
        do {
            let settings = try Settings.load()
            let store = try Store(path: settings.database, cache: Self.pageCache, vault: settings.encryption.vault)
            try store.refuseLocked()
            try ErrandRunner(
                errands: Errands(store: store), anchors: { TrustAnchors(path: settings.trustAnchors) }, clock: .system,
                fetch: ErrandRunner.transport(authorities: settings.trustAnchors)
            ).run()
            let worker = try Worker(
                queue: JobQueue(store: store), settings: settings, clock: .system, linger: .seconds(linger), shouldStop: stop)
            worker.tracer = try Tracer(store, settings.tracing, clock: .system)
            let alerts = AlertRunner(store: store, settings: settings, clock: .system)
            worker.chore = alerts.run
            try worker.drain()
            if worker.tracer == nil { try store.forgetIngestTimings() } else { try worker.tracer?.finish() }
            try store.noteRun(worker.tracer?.counts, at: WallClock.system.now())
            if !stop() { alerts.run() }
        } catch {
            let text = "\(error)".replacingOccurrences(of: "\n", with: "\ngatepost-worker: ")
            FileHandle.standardError.write(Data("gatepost-worker: \(text)\n".utf8))
            throw ExitCode(error is SettingsError ? 2 : 1)
        }
    }

    /// SIGTERM and SIGINT wait until the loop asks for them.
    private func blockStopSignals() -> () -> Bool {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        return {
            var pending = sigset_t()
            sigpending(&pending)
            return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1
        }
    }
}
