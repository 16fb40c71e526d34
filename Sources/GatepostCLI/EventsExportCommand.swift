import ArgumentParser
import Backfill
import Common

struct EventsExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Events as lines of JSON, oldest first, with payload and headers.",
        discussion: """
            `gatepost backfill FILE` takes them in elsewhere, each under the key that it has here. The file holds persons' data: keep it as \
            you keep the store. Signatures stay out of it only where they are credentials; rejected requests are not in it.
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

    @Option(help: ArgumentHelp("Received at or after: 2026-01-31T09:00:00Z (RFC 3339), or 90s, 15m, 2h, 7d ago.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Received before: the same forms.", valueName: "time"))
    var until: TimeArgument?

    func validate() throws { try source?.validateIsKnown() }

    func run() throws {
        let now = WallClock.system.now()
        let store = try storeOptions.open(.readOnly)
        try tenant?.refuseUnknown(in: store)
        var filter = EventFilter()
        (filter.tenant, filter.source, filter.type, filter.status) = (tenant, source, type, status)
        (filter.since, filter.until) = (since?.resolved(now: now), until?.resolved(now: now))
        let words = [tenant?.description, source?.description, type?.description, status?.rawValue].compactMap { $0 }
        Store.recordIfCurrent("events.export", words.isEmpty ? "all" : words.joined(separator: " "), at: store.path)
        var export = EventExport(store: store, filter, until: now + .seconds(1))
        while let records = try export.next() {
            for record in records { Output.write(ExportLine.text(of: record) + [0x0A]) }
        }
    }
}
