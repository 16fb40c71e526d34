import ArgumentParser
import Common

struct MirrorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mirror", abstract: "Events that the cutover keeps from WordPress.",
        subcommands: [MirrorListCommand.self, MirrorReleaseCommand.self])
}

/// Which of them.
struct MirrorFilterOptions: ParsableArguments {
    @Option(help: "Of this tenant.")
    var tenant: TenantName?

    @Option(help: "Of this source; `gatepost providers` lists them.")
    var source: SourceName?

    @Option(help: "Of this event type; `*` stands for any text.")
    var type: EventPattern?

    func validate() throws { try source?.validateIsKnown() }

    /// For the record.
    var words: String {
        let parts = [
            tenant.map { "tenant \($0)" }, source.map { "source \($0)" }, type.map { "type \($0)" },
        ].compactMap { $0 }
        return parts.isEmpty ? "all" : parts.joined(separator: ", ")
    }

    /// In order of arrival, at most a thousand at a time. `body` says whether to go on.
    func forEachPage(of events: MirroredEvents, _ body: ([MirroredEvents.Entry]) throws -> Bool) throws {
        var last: Int64 = 0
        while true {
            let page = try events.list(after: last, tenant: tenant?.description, source: source?.description, limit: 1000)
            guard let end = page.last else { return }
            last = end.sequence
            guard try body(page.filter { type?.matches($0.type) ?? true }) else { return }
        }
    }
}

struct MirrorListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Events that were mirrored or are off, in order of arrival.",
        discussion: "`gatepost events show ID` prints what WordPress would have been sent.")

    @OptionGroup var filter: MirrorFilterOptions
    @OptionGroup var storeOptions: StoreOptions

    @Option(help: ArgumentHelp("Most to print, 1 to 1000.", valueName: "number"))
    var limit = 50

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit: expected a number from 1 to 1000, found \(limit)") }
    }

    func run() throws {
        var list: [MirroredEvents.Entry] = []
        try filter.forEachPage(of: MirroredEvents(store: storeOptions.open(.readOnly))) { page in
            list += page.prefix(limit - list.count)
            return list.count < limit
        }
        if json { return Output.json(["events": .array(list.map(\.json))]) }
        var table = Table(["ID", "MODE", "AT", "TENANT", "SOURCE", "TYPE", "PUSH"])
        for entry in list {
            table.add([entry.id, entry.mode.rawValue, entry.at.description, entry.tenant, entry.source, entry.type, entry.pushKey])
        }
        Output.table(table)
    }
}

struct MirrorReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Has mirrored events pushed after all, in order of arrival.",
        discussion: """
            Those that the settings still keep from WordPress stay where they are: change `cutover` first. What came later and is pushed \
            already is not undone: WordPress drops what is older than what it has.
            """)

    @OptionGroup var filter: MirrorFilterOptions
    @OptionGroup var storeOptions: StoreOptions

    @Flag(name: .customLong("dry-run"), help: "Only say how many.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let settings = try Settings.load()
        let store = try storeOptions.open(dryRun ? .readOnly : .readWrite)
        let events = MirroredEvents(store: store)
        if !dryRun { try store.recordCommand("mirror.release", filter.words, detail: "begun") }
        var (released, still) = (0, 0)
        try filter.forEachPage(of: events) { page in
            let live = page.filter { $0.isLive(in: settings) }
            still += page.count - live.count
            released += dryRun ? live.count : try events.release(live.map(\.sequence), now: WallClock.system.now())
            return true
        }
        if !dryRun { try store.recordCommand("mirror.release", filter.words, count: released, detail: "done; \(still) stay") }
        if json {
            return Output.json(["released": JSONTree(released), "still_kept": JSONTree(still), "dry_run": .bool(dryRun)])
        }
        Output.line("\(released) event\(released == 1 ? "" : "s") \(dryRun ? "would wait" : "made to wait") for the push")
        if still > 0 { Output.line("\(still) stay: the settings keep them from WordPress") }
    }
}

extension MirroredEvents.Entry {
    fileprivate var json: JSONTree {
        [
            "id": .string(id), "mode": .string(mode.rawValue), "at": JSONTree(at), "tenant": .string(tenant), "source": .string(source),
            "event_type": .string(type), "push_key": .string(pushKey),
        ]
    }

    fileprivate func isLive(in settings: Settings) -> Bool {
        let cutover = TenantName(tenant).flatMap { settings.tenants[$0]?.delivery.cutover } ?? Cutover()
        return cutover.mode(tenant: tenant, source: source, type: type, lane: lane ?? id) == .live
    }
}
