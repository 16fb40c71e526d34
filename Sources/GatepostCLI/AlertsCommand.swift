import ArgumentParser
import Common

struct AlertsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "What is wrong, as the worker's last look found it, and who was told.",
        subcommands: [AlertsListCommand.self], defaultSubcommand: AlertsListCommand.self)
}

struct AlertsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Open alerts, those that are over, and how each channel does.",
        discussion: "The worker looks once a minute. What is over is kept for 30 days.")

    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Open ones alone.")
    var open = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let book = AlertBook(store: try storeOptions.open(.readOnly))
        let alerts = try book.all().filter { !open || $0.state == .open }
        let channels = try book.channels()
        let told = try Dictionary(uniqueKeysWithValues: AlertChannel.allCases.map { ($0, try book.told($0)) })
        let list = alerts.map { alert in (alert, told.values.compactMap { $0[alert.key]?.at }.max()) }
        if json { Output.json(Self.json(list, channels)) } else { Self.print(list, channels, now: WallClock.system.now()) }
    }

    private typealias Channels = [AlertChannel: AlertBook.ChannelState]

    private static func json(_ list: [(alert: Alert, notifiedAt: Timestamp?)], _ channels: Channels) -> JSONTree {
        let alerts = list.map { alert, notifiedAt -> JSONTree in
            let condition = alert.condition
            return [
                "kind": .string(alert.key.kind.rawValue), "subject": .string(alert.key.subject), "state": .string(alert.state.rawValue),
                "since": JSONTree(condition.since), "last": JSONTree(alert.lastAt), "count": JSONTree(condition.count),
                "what": .string(condition.what), "fix": .string(condition.fix), "next": .string(condition.next),
                "event_id": JSONTree(condition.example), "notified_at": JSONTree(notifiedAt),
            ]
        }
        let states = channels.sorted { $0.key.rawValue < $1.key.rawValue }.map { channel, state -> JSONTree in
            [
                "channel": .string(channel.rawValue), "sent_at": JSONTree(state.sentAt), "failed_tries": JSONTree(state.tries),
                "error": JSONTree(state.error),
            ]
        }
        return ["alerts": .array(alerts), "channels": .array(states)]
    }

    private static func print(_ list: [(alert: Alert, notifiedAt: Timestamp?)], _ channels: Channels, now: Timestamp) {
        if list.isEmpty { Output.line("nothing is wrong") }
        var table = Table(list.isEmpty ? [] : ["STATE", "SINCE", "LAST", "TOLD", "WHAT", "NEXT"])
        for (alert, notifiedAt) in list {
            table.add([
                alert.state.rawValue, Age.text(of: alert.condition.since, now: now), Age.text(of: alert.lastAt, now: now),
                notifiedAt.map { Age.text(of: $0, now: now) } ?? "nobody", alert.condition.what, alert.condition.next,
            ])
        }
        Output.table(table)
        guard !channels.isEmpty else { return }
        Output.line()
        var states = Table(["CHANNEL", "LAST SENT", "FAILED TRIES", "ERROR"])
        for (channel, state) in channels.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            states.add([
                channel.rawValue, state.sentAt.map { Age.text(of: $0, now: now) } ?? "never", String(state.tries), state.error ?? "-",
            ])
        }
        Output.table(states)
    }
}
