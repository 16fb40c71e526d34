import ArgumentParser
import Common

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Who did what: commands and pages that changed something. Nobody removes an entry.",
        subcommands: [AuditListCommand.self, AuditExportCommand.self])
}

/// Which entries.
struct AuditFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("At or after: 2026-01-31T09:00:00Z (RFC 3339), or 90s, 15m, 2h, 7d ago.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Before: the same forms.", valueName: "time"))
    var until: TimeArgument?

    @Option(help: "By this user.")
    var actor: String?

    @Option(help: "Of this action; `dlq` is `dlq.retry` and `dlq.discard` too.")
    var action: String?

    func filter(now: Timestamp) -> AuditFilter {
        var filter = AuditFilter()
        filter.since = since?.resolved(now: now)
        filter.until = until?.resolved(now: now)
        filter.actor = actor
        filter.action = action
        return filter
    }
}

struct AuditListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Entries, newest first.")

    @OptionGroup var filter: AuditFilterOptions
    @OptionGroup var storeOptions: StoreOptions

    @Option(help: ArgumentHelp("Most to print, 1 to 1000.", valueName: "number"))
    var limit = 50

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit: expected a number from 1 to 1000, found \(limit)") }
    }

    func run() throws {
        let queries = AuditQueries(store: try storeOptions.open(.readOnly))
        let lines = try queries.list(filter.filter(now: WallClock.system.now()), limit: limit)
        if json { return Output.json(["entries": .array(lines.map(\.json))]) }
        guard !lines.isEmpty else { return Output.line("no entry") }
        var table = Table(["AT", "WHO", "BY", "ACTION", "COUNT", "OBJECT", "DETAIL"])
        for line in lines {
            let entry = line.entry
            table.add([
                entry.at.description, entry.actor, entry.origin.rawValue, entry.action, entry.count.map(String.init), entry.object,
                entry.detail,
            ])
        }
        Output.table(table)
    }
}

struct AuditExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Every entry as a line of JSON, oldest first: for a log server or an archive.",
        discussion: "`--after` takes the last `id` that you have: so a job copies what is new to where this machine cannot change it.")

    @OptionGroup var filter: AuditFilterOptions
    @OptionGroup var storeOptions: StoreOptions

    @Option(help: ArgumentHelp("Only entries behind this one.", valueName: "id"))
    var after: Int64 = 0

    func run() throws {
        let queries = AuditQueries(store: try storeOptions.open(.readOnly))
        let filter = filter.filter(now: WallClock.system.now())
        var last = after
        while true {
            let page = try queries.page(filter, after: last, limit: 1000)
            guard let end = page.last else { return }
            last = end.id
            for line in page { Output.line(line.json.line) }
        }
    }
}

extension AuditQueries.Line {
    var json: JSONTree {
        [
            "id": JSONTree(Int(id)), "at": JSONTree(entry.at), "actor": .string(entry.actor), "origin": .string(entry.origin.rawValue),
            "action": .string(entry.action), "object": JSONTree(entry.object), "count": JSONTree(entry.count),
            "detail": JSONTree(entry.detail),
        ]
    }
}
