import ArgumentParser
import Common

struct DLQListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Dead letters, the longest dead first, and how many there are of each cause.")

    @OptionGroup var storeOptions: StoreOptions
    @OptionGroup var options: DLQFilterOptions

    @Option(help: ArgumentHelp("Most to print, 1 to 1000.", valueName: "number"))
    var limit = 50

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit: expected a number from 1 to 1000, found \(limit)") }
    }

    func run() throws {
        let letters = DeadLetters(store: try storeOptions.open(.readOnly))
        let list = try letters.list(options.filter, limit: limit)
        let causes = try letters.causes(options.filter)
        if json { Output.json(Self.json(list, causes)) } else { Self.print(list, causes, now: WallClock.system.now()) }
    }

    private static func json(_ list: [DeadLetters.Letter], _ causes: [(cause: String, events: Int)]) -> JSONTree {
        let letters = list.map { letter -> JSONTree in
            [
                "id": .string(letter.id), "source": .string(letter.source), "tenant": .string(letter.tenant),
                "event_type": .string(letter.type), "route": .string(letter.route), "received_at": JSONTree(letter.receivedAt),
                "died_at": JSONTree(letter.diedAt), "attempts": JSONTree(letter.attempts), "http_status": JSONTree(letter.httpStatus),
                "cause": .string(letter.cause), "error": JSONTree(letter.error),
            ]
        }
        let counts = causes.map { cause, events -> JSONTree in ["cause": .string(cause), "events": JSONTree(events)] }
        return ["dead": JSONTree(causes.reduce(0) { $0 + $1.events }), "events": .array(letters), "causes": .array(counts)]
    }

    private static func print(_ list: [DeadLetters.Letter], _ causes: [(cause: String, events: Int)], now: Timestamp) {
        let total = causes.reduce(0) { $0 + $1.events }
        guard total > 0 else { return Output.line("no dead letter") }
        var table = Table(["ID", "DIED", "AGE", "CAUSE", "HTTP", "TRIES", "SOURCE", "TENANT", "TYPE", "ERROR"])
        for letter in list {
            table.add([
                letter.id, letter.diedAt.description, Age.text(of: letter.diedAt, now: now), letter.cause,
                letter.httpStatus.map(String.init), String(letter.attempts), letter.source, letter.tenant, letter.type, letter.error ?? "",
            ])
        }
        Output.table(table)
        Output.line("\n\(list.count) of \(total)\n")
        var counts = Table(["CAUSE", "EVENTS"])
        for (cause, events) in causes { counts.add([cause, String(events)]) }
        Output.table(counts)
    }
}
