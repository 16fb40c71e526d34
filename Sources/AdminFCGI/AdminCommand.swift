import ArgumentParser
import CFCGI
import CommandEntry
import Common
import Foundation
import Serving

@main
struct AdminCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatepost-admin",
        abstract: "Serves the pages at /admin/ to the web server.",
        discussion: """
            Serves FastCGI on descriptor 0 (systemd's StandardInput=socket, spawn-fcgi) or on --socket. It asks nobody who they are: the \
            web server does, closes the pages to all others, and passes the user's name as REMOTE_USER; see pages.md. Settings: the file \
            that GATEPOST_CONFIG names, secrets from the environment or GATEPOST_SECRETS. SIGHUP has it read them anew; a wrong \
            setting changes nothing and is said in the log. SIGTERM ends it once every accepted request is answered.

            Exit status: 0 done, 1 failed, 2 bad usage or settings.
            """,
        version: Gatepost.version)

    static func main() { start() }

    @Option(help: "Listen on this Unix socket instead of descriptor 0.")
    var socket: String?

    func run() throws {
        umask(0o027)
        StopSignal.blockHangup()
        let settings = try orExit(2) { () throws(SettingsError) in try Settings.load() }
        guard socket != nil || ListeningSocket.inherited() != nil else {
            throw fail("descriptor 0 is no listening socket; start it from systemd or spawn-fcgi, or with --socket PATH", status: 2)
        }
        FCGX_Init()
        let stop = StopSignal()
        let listener = try orExit(1) { () throws(ListeningSocket.Failure) in
            if let socket { return try ListeningSocket.open(path: socket) }
            guard let inherited = ListeningSocket.inherited() else { throw .path("descriptor 0", reason: "it is gone") }
            return inherited
        }
        serve(CurrentSettings(settings), on: listener, until: stop)
    }

    private func serve(_ settings: CurrentSettings, on listener: ListeningSocket, until stop: StopSignal) {
        let windows = (0..<PageServer.threads).map { number in
            Joinable(name: "page-\(number)") { PageServer(settings: settings, listener: listener, stop: stop).run() }
        }
        LogSink.write([LogLine("listening", at: WallClock.system.now()).with("socket", socket ?? "descriptor 0")])
        ServiceManager.tell("READY=1")
        stop.waitForSignal { settings.reload() }
        ServiceManager.tell("STOPPING=1")
        listener.remove()
        for window in windows { window.join() }
        LogSink.write([LogLine("stopped", at: WallClock.system.now())])
    }

    private func orExit<Value, Failure: Error & CustomStringConvertible>(
        _ status: Int32, _ body: () throws(Failure) -> Value
    ) throws -> Value {
        do throws(Failure) { return try body() } catch { throw fail(error.description, status: status) }
    }

    private func fail(_ text: String, status: Int32) -> ExitCode {
        FileHandle.standardError.write(Data("gatepost-admin: \(text.replacingOccurrences(of: "\n", with: "\ngatepost-admin: "))\n".utf8))
        return ExitCode(status)
    }
}
