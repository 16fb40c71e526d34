import ArgumentParser
import Common

struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Pushes nothing of a tenant, source or route until `resume`; without options, nothing at all.",
        discussion: """
            It holds from the next request on. Events go on coming in, wait, and burn no try. An event that waits so holds \
            up what comes behind it for the same person: order is kept.
            """)

    @OptionGroup var what: PauseOptions
    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let store = try storeOptions.open(.readWrite)
        try what.tenant?.refuseUnknown(in: store)
        let pauses = Pauses(store: store)
        try store.recordCommand("pause", what.words)
        try pauses.add(what.pause, now: WallClock.system.now())
        let all = try pauses.all()
        if json { Output.json(["paused": .array(all.map(\.json))]) } else { all.print() }
    }
}

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Takes pauses away; without options, all of them.",
        discussion: "With --tenant, --source or --route: every pause that names it. What waited goes with the worker's next run, in order.")

    @OptionGroup var what: PauseOptions
    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let store = try storeOptions.open(.readWrite)
        let pauses = Pauses(store: store)
        try store.recordCommand("resume", what.words)
        let removed = try pauses.remove(what.pause)
        let left = try pauses.all()
        if json { return Output.json(["removed": JSONTree(removed), "paused": .array(left.map(\.json))]) }
        Output.line("\(removed) pause\(removed == 1 ? "" : "s") taken away")
        if !left.isEmpty { left.print() }
    }
}

/// What is paused.
struct PauseOptions: ParsableArguments {
    @Option(help: "Of this tenant.")
    var tenant: TenantName?

    @Option(help: "Of this source; `gatepost providers` lists them.")
    var source: SourceName?

    @Option(help: "Of this route: user-sync or order-event.")
    var route: Route?

    func validate() throws {
        try source?.validateIsKnown()
        if route == .keep { throw ValidationError("--route: what is kept is pushed nowhere; expected user-sync or order-event") }
    }

    /// For the record.
    var words: String {
        let parts = [tenant.map { "tenant \($0)" }, source.map { "source \($0)" }, route.map { "route \($0.rawValue)" }].compactMap { $0 }
        return parts.isEmpty ? "everything" : parts.joined(separator: ", ")
    }

    var pause: Pauses.Pause { .init(tenant: tenant?.description, source: source?.description, route: route) }
}

extension Route: ExpressibleByArgument {}

extension Pauses.Pause {
    var json: JSONTree {
        [
            "tenant": JSONTree(tenant), "source": JSONTree(source), "route": JSONTree(route?.rawValue), "since": JSONTree(since),
        ]
    }
}

extension [Pauses.Pause] {
    func print() {
        var table = Table(["PAUSED TENANT", "SOURCE", "ROUTE", "SINCE"])
        for pause in self {
            table.add([pause.tenant ?? "all", pause.source ?? "all", pause.route?.rawValue ?? "all", pause.since.description])
        }
        Output.table(table)
    }
}
