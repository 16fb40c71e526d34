import ArgumentParser
import Common

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judges signatures without settings or store.",
        discussion: """
            With --batch, reads lines of JSON on standard input: {"provider", "name", "secrets": […], "method", "url", "headers": {name:
            value or [values]}, "body_base64", "now_epoch"}; certificate schemes add {"certificates": {url: PEM}, "trust_anchors_pem": […]}.
            Writes one line each: {"name", "verdict": "accept" or "reject", "reason", "event_ids", "event_type"}.
            """)

    @Flag(help: "Read requests as lines of JSON from standard input.")
    var batch = false

    func run() throws {
        guard batch else { throw ValidationError("say --batch") }
        while let line = readLine(strippingNewline: true) {
            guard !line.isEmpty else { continue }
            Output.write(VerifyBatchLine.answer(Bytes(line.utf8)) + Bytes("\n".utf8))
        }
    }
}
