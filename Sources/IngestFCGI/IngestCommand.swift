import ArgumentParser
import CommandEntry
import CFCGI
import Common
import Foundation
import Serving

@main
struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatepost-ingest",
        abstract: "Takes webhooks from the web server, verifies them and stores them durably.",
        discussion: """
            Serves FastCGI on descriptor 0 (systemd's StandardInput=socket, spawn-fcgi) or on --socket, and answers one plain CGI \
            request where a web server starts it as such. Settings: the file that GATEPOST_CONFIG names, secrets from the \
            environment or GATEPOST_SECRETS. SIGHUP has it read them anew; a wrong setting changes nothing and is \
            said in the log. SIGTERM ends it once every accepted request is answered.

            Exit status: 0 done, 1 failed, 2 bad usage or settings.
            """,
        version: Gatepost.version)

    /// A CGI server hands the words of a query string without `=` on as arguments (RFC 3875, 4.4): a stranger's, who must not have it
    /// listen somewhere.
    static func main() { start(isPlainCGI ? [] : nil) }

    private static var isPlainCGI: Bool { ProcessInfo.processInfo.environment["GATEWAY_INTERFACE"] != nil }

    @Option(help: "Listen on this Unix socket instead of descriptor 0.")
    var socket: String?

    func run() throws {
        umask(0o027)
        StopSignal.blockHangup()
        Allocator.keepWhatARoundTakes()
        var settings = try orExit(2) { () throws(SettingsError) in try Settings.load() }
        let store = try orExit(1) { () throws(StoreError) in
            try Store(path: settings.database, busyTimeout: .seconds(2), vault: settings.encryption.vault)
        }
        try orExit(1) { () throws(StoreError) in try store.prepareSealing(now: WallClock.system.now()) }
        settings.hashKey = store.vault.hashKey
        let live: LiveGateway
        do {
            live = try LiveGateway(settings, LearnedSecrets(store: store), now: WallClock.system.now())
        } catch {
            throw fail("\(error)", status: 1)
        }
        guard !live.gateway.sources.isEmpty else {
            throw fail("no source has a secret; set PROVIDER_SECRETS_STRIPE=tenant:secret or another source's", status: 2)
        }
        try orExit(1) { () throws(StoreError) in try store.know(live.secretKeys, now: WallClock.system.now()) }
        #if SWITCHABLE
            _ = Watching.isOn  // made before a handler asks for it
            signal(SIGUSR1) { _ in Watching.turn() }
        #endif
        let writer = EventWriter(store: store, timings: settings.tracing.map { PendingTimings($0.sampler) })
        let desk = Desk(
            live: live, store: store, writer: writer, freeSpaceFloor: settings.ingest.freeSpaceFloor,
            rejected: settings.rejected, anchors: live.gateway.anchors(settings))
        if socket == nil, ListeningSocket.inherited() == nil {
            guard Self.isPlainCGI else {
                throw fail("descriptor 0 is no listening socket; start it from systemd or spawn-fcgi, or with --socket PATH", status: 2)
            }
            return PlainCGI.serve(desk)
        }
        try serve(CurrentDesk(desk, settings), settings.ingest)
    }

    private func serve(_ desk: CurrentDesk, _ settings: Settings.Ingest) throws {
        FCGX_Init()
        raiseDescriptorLimit()
        let stop = StopSignal()
        let listener = try orExit(1) { () throws(ListeningSocket.Failure) in
            if let socket { return try ListeningSocket.open(path: socket) }
            guard let inherited = ListeningSocket.inherited() else { throw .path("descriptor 0", reason: "it is gone") }
            return inherited
        }
        let limits = TurnLimits(settings)
        let notes = NoteKeeper(desk.desk.writer.pending)
        let keeper = CounterKeeper(desk: desk, notes: notes, stop: stop.descriptor)
        let turns = (0..<settings.turns).map { number in
            Joinable(name: "turn-\(number)") { Turn(desk: desk, listener: listener, stop: stop, limits: limits, notes: notes).run() }
        }
        let keeping = Joinable(name: "counters") { keeper.run() }
        LogSink.write([
            LogLine("listening", at: WallClock.system.now()).with("socket", socket ?? "descriptor 0")
                .with("sources", desk.desk.gateway.sources.keys.sorted().map(\.description).joined(separator: ","))
        ])
        ServiceManager.tell("READY=1")
        stop.waitForSignal { desk.reload() }
        ServiceManager.tell("STOPPING=1")
        listener.remove()
        for turn in turns + [keeping] { turn.join() }
        keeper.end()
        LogSink.write([LogLine("stopped", at: WallClock.system.now())])
    }

    /// As far as we may: a connection needs a descriptor, and the usual 1,024 are for programs that use select(2).
    private func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private func orExit<Value, Failure: Error & CustomStringConvertible>(
        _ status: Int32, _ body: () throws(Failure) -> Value
    ) throws -> Value {
        do throws(Failure) { return try body() } catch { throw fail(error.description, status: status) }
    }

    private func fail(_ text: String, status: Int32) -> ExitCode {
        FileHandle.standardError.write(Data("gatepost-ingest: \(text.replacingOccurrences(of: "\n", with: "\ngatepost-ingest: "))\n".utf8))
        return ExitCode(status)
    }
}
