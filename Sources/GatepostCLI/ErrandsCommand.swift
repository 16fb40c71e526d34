import ArgumentParser
import Common

struct ErrandsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "errands", abstract: "What the worker fetches from providers: certificates, confirmations of subscriptions.",
        subcommands: [ErrandsListCommand.self], defaultSubcommand: ErrandsListCommand.self)
}

struct ErrandsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Errands, those that wait or failed first.",
        discussion: "A confirmation's URL is printed without its token.")

    @OptionGroup var storeOptions: StoreOptions

    @Option(help: ArgumentHelp("Most to print, 1 to 1000.", valueName: "number"))
    var limit = 100

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit: expected a number from 1 to 1000, found \(limit)") }
    }

    func run() throws {
        let lines = try ErrandQueries(store: storeOptions.open(.readOnly)).list(limit: limit)
        if json { return Output.json(.array(lines.map(\.json))) }
        guard !lines.isEmpty else { return Output.line("no errand") }
        let now = WallClock.system.now()
        var table = Table(["KIND", "SOURCE", "TENANT", "STATUS", "WANTED", "TRIES", "HTTP", "NEXT", "URL", "ERROR"])
        for line in lines {
            let isOver = line.status == "failed" || line.kind == Errand.Kind.confirmation.rawValue && line.status == "done"
            table.add([
                line.kind, line.source, line.tenant, line.status, Age.text(of: line.wantedAt, now: now), String(line.attempts),
                line.httpStatus.map(String.init), isOver ? "-" : Age.text(of: line.dueAt, now: now), line.place, line.error ?? "",
            ])
        }
        Output.table(table)
    }
}

extension ErrandQueries.Line {
    fileprivate var json: JSONTree {
        [
            "id": JSONTree(Int(id)), "kind": .string(kind), "source": .string(source), "tenant": JSONTree(tenant),
            "status": .string(status), "url": .string(place), "wanted_at": JSONTree(wantedAt), "due_at": JSONTree(dueAt),
            "attempts": JSONTree(attempts), "fetched_at": JSONTree(fetchedAt), "expires_at": JSONTree(expiresAt),
            "http_status": JSONTree(httpStatus), "error": JSONTree(error),
        ]
    }
}
