import ArgumentParser
import Common

struct EventsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Events, newest first, a page at a time.",
        discussion: """
            Statuses: received (also: kept) is stored and pushed nowhere; queued waits for its push or its next try; \
            processed is in WordPress; failed (also: dead) is a dead letter; discarded is not to be pushed.
            """)

    @OptionGroup var storeOptions: StoreOptions

    @Option(help: "Of this tenant.")
    var tenant: TenantName?

    @Option(help: "Of this source; `gatepost providers` lists them.")
    var source: SourceName?

    @Option(help: "Of this type; * stands for any text, as in customer.*.")
    var type: EventPattern?

    @Option(help: ArgumentHelp("In this status.", valueName: "status"))
    var status: EventStatus?

    @Option(help: ArgumentHelp("Of this person: the provider's id or the e-mail.", valueName: "text"))
    var user: String?

    @Option(
        help: ArgumentHelp(
            "With this text, of 2 to 300 characters, in an id, the error or the payload: an order's number, an address.", valueName: "text")
    )
    var text: String?

    @Option(help: ArgumentHelp("Received at or after: 2026-01-31T09:00:00Z (RFC 3339), or 90s, 15m, 2h, 7d ago.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Received before: the same forms.", valueName: "time"))
    var until: TimeArgument?

    @Option(help: ArgumentHelp("Most events to print, 1 to 1000.", valueName: "number"))
    var limit = 50

    @Option(help: ArgumentHelp("The page after the one that ended with this event.", valueName: "id"))
    var before: EventID?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit: expected a number from 1 to 1000, found \(limit)") }
        guard (2...300).contains(text?.count ?? 2) else { throw ValidationError("--text: expected 2 to 300 characters") }
        try source?.validateIsKnown()
    }

    func run() throws {
        let now = WallClock.system.now()
        let store = try storeOptions.open(.readOnly)
        try tenant?.refuseUnknown(in: store)
        let page = try EventQueries(store: store).list(filter(now: now), before: before, limit: limit)
        if json { Output.json(page.json) } else { page.print(now: now) }
    }

    private func filter(now: Timestamp) -> EventFilter {
        var filter = EventFilter()
        filter.tenant = tenant
        filter.source = source
        filter.type = type
        filter.status = status
        filter.user = user
        filter.text = text
        filter.since = since?.resolved(now: now)
        filter.until = until?.resolved(now: now)
        return filter
    }
}

extension EventPage {
    fileprivate var json: JSONTree {
        ["events": .array(events.map(\.json)), "next_before": JSONTree(next), "stopped_looking": .bool(stoppedLooking)]
    }

    fileprivate func print(now: Timestamp) {
        if !events.isEmpty {
            var table = Table(["ID", "RECEIVED", "AGE", "STATUS", "SOURCE", "TENANT", "TYPE", "ERROR"])
            for event in events {
                table.add([
                    event.id, event.receivedAt.description, Age.text(of: event.receivedAt, now: now), event.status, event.source,
                    event.tenant, event.type, event.error ?? "",
                ])
            }
            Output.table(table)
        } else if !stoppedLooking {
            Output.line("no such event")
        }
        guard let next else { return }
        Output.line()
        Output.line(stoppedLooking ? "Stopped looking at \(next). Go on with: --before \(next)" : "More with: --before \(next)")
    }
}
