import Alerting
import ArgumentParser
import Common

struct AlertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert", abstract: "Tries whether notices arrive.", subcommands: [AlertTestCommand.self])
}

extension AlertChannel: ExpressibleByArgument {}

struct AlertTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Sends a test notice now and says what happened.",
        discussion: "To every channel that the settings name, or to one. Waits ten seconds at most. Fails where one did not take it.")

    @Option(help: ArgumentHelp("This one alone.", valueName: "slack|email|webhook"))
    var channel: AlertChannel?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let sender = AlertSender(try Settings.load().alerts)
        let channels = sender.channels.filter { (channel ?? $0) == $0 }
        guard !channels.isEmpty else {
            throw Failure(
                "the settings name no \(channel.map { "\($0.rawValue) " } ?? "")channel; set GATEPOST_ALERT_SLACK_URL, alerts.smtp or alerts.webhook",
                status: Failure.badSettings)
        }
        let message = AlertMessage(testFrom: AlertSender.thisHost)
        let results = sender.send(Dictionary(uniqueKeysWithValues: channels.map { ($0, message) }), now: WallClock.system.now())
        let problems = channels.map { (channel: $0, text: results[$0] ?? "no answer") }
        report(problems)
        if problems.contains(where: { $0.text != nil }) { throw Failure("", status: Failure.failed) }
    }

    private func report(_ problems: [(channel: AlertChannel, text: String?)]) {
        if json {
            return Output.json(
                .array(
                    problems.map { problem -> JSONTree in
                        ["channel": .string(problem.channel.rawValue), "sent": .bool(problem.text == nil), "error": JSONTree(problem.text)]
                    }))
        }
        var table = Table(["CHANNEL", "RESULT"])
        for (channel, text) in problems { table.add([channel.rawValue, text ?? "sent"]) }
        Output.table(table)
    }
}
