import ArgumentParser
import Common

struct SourcesSuggestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest", abstract: "Proposes a longest-quiet for each source and tenant, from when events came.",
        discussion: """
            Half as long again as the longest silence of the last weeks, with at least 50 events over 7 days. A silence in which this \
            machine was down counts like any other. Nothing is written: put what you agree with into the settings. Times are UTC.
            """)

    @OptionGroup var storeOptions: StoreOptions

    @Option(help: "Of this tenant.")
    var tenant: TenantName?

    @Option(help: "Of this source; `gatepost providers` lists them.")
    var source: SourceName?

    @Option(help: "How far back, 1 to 52.")
    var weeks = 4

    @Flag(name: .customLong("by-hour"), help: "Also the longest silence that began in each hour of the week.")
    var byHour = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...52).contains(weeks) else { throw ValidationError("--weeks: expected a number from 1 to 52, found \(weeks)") }
        try source?.validateIsKnown()
    }

    func run() throws {
        let now = WallClock.system.now()
        let store = try storeOptions.open(.readOnly)
        try tenant?.refuseUnknown(in: store)
        let since = Timestamp(milliseconds: now.milliseconds - Int64(weeks) * 7 * 86_400_000)
        let all = try EventQueries(store: store).silences(since: since).filter { sender, _ in
            (tenant?.description ?? sender.tenant) == sender.tenant && (source?.description ?? sender.source) == sender.source
        }
        let view = SuggestionView(lines: all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        if json { Output.json(view.json) } else { view.print(byHour: byHour, now: now) }
    }
}

/// Proposals as people and programs see them.
struct SuggestionView {
    let lines: [(sender: EventQueries.Sender, history: QuietHistory)]

    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    var json: JSONTree {
        let list = lines.map { sender, history -> JSONTree in
            [
                "source": .string(sender.source), "tenant": .string(sender.tenant), "events": JSONTree(history.events),
                "first": JSONTree(history.first), "last": JSONTree(history.last),
                "longest_quiet_seconds": JSONTree(history.longest.map { Int($0.length.milliseconds / 1000) }),
                "longest_quiet_from": JSONTree(history.longest?.from),
                "proposed": JSONTree(history.proposal.map(Self.setting)),
                "by_hour_of_week_seconds": .array(history.byHour.map { JSONTree(Int($0.milliseconds / 1000)) }),
            ]
        }
        return ["suggestions": .array(list)]
    }

    func print(byHour: Bool, now: Timestamp) {
        guard !lines.isEmpty else { return Output.line("no events of that time") }
        var table = Table(["SOURCE", "TENANT", "EVENTS", "OVER", "LONGEST QUIET", "FROM", "QUIET NOW FOR", "PROPOSED"])
        for (sender, history) in lines {
            table.add([
                sender.source, sender.tenant, String(history.events), Age.words(history.span.milliseconds / 1000),
                history.longest.map { Age.words($0.length.milliseconds / 1000) }, history.longest.map { Self.weekTime($0.from) },
                history.last.map { Age.words(max(0, now.milliseconds - $0.milliseconds) / 1000) },
                history.proposal.map(Self.setting) ?? "too little is known",
            ])
        }
        Output.table(table)
        if byHour { for (sender, history) in lines { printHours(sender, history) } }
        printSettings()
    }

    /// What one would write down.
    private func printSettings() {
        let proposals = lines.filter { $0.history.proposal != nil }
        guard !proposals.isEmpty else { return }
        Output.line("\ntenants:")
        for (tenant, own) in Dictionary(grouping: proposals, by: \.sender.tenant).sorted(by: { $0.key < $1.key }) {
            let list = own.map { "\($0.sender.source): \($0.history.proposal.map(Self.setting) ?? "")" }.joined(separator: ", ")
            Output.line("  \(tenant.printable):\n    longest-quiet: {\(list)}")
        }
    }

    private func printHours(_ sender: EventQueries.Sender, _ history: QuietHistory) {
        Output.line()
        Output.line("\(sender.source), \(sender.tenant)".printable)
        var table = Table(["BEGAN"] + Self.days)
        for hour in 0..<24 {
            let cells = (0..<7).map { day -> String in
                let gap = history.byHour[day * 24 + hour]
                return gap == .zero ? "" : Age.words(gap.milliseconds / 1000)
            }
            table.add([(hour < 10 ? "0" : "") + "\(hour):00"] + cells)
        }
        Output.table(table)
    }

    /// `Sun 03:00`.
    private static func weekTime(_ moment: Timestamp) -> String {
        let hours = moment.milliseconds / 3_600_000 + 72
        return "\(days[Int(hours / 24 % 7)]) \(moment.description.dropFirst(11).prefix(5))"
    }

    /// As the settings have it: whole days, hours or minutes.
    static func setting(_ time: Duration) -> String {
        let seconds = time.milliseconds / 1000
        if seconds % 86_400 == 0 { return "\(seconds / 86_400)d" }
        return seconds % 3600 == 0 ? "\(seconds / 3600)h" : "\(seconds / 60)min"
    }
}
