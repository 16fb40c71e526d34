import ArgumentParser
import Common

struct RejectedListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Rejected requests, newest first.",
        discussion: """
            Of each source the first of every minute are kept; how many more came is counted beside them (`rejected` in the settings). \
            SIZE is of headers and body. OUTCOME says what became of one by `rejected reverify`.
            """)

    @OptionGroup var storeOptions: StoreOptions
    @OptionGroup var options: RejectedFilterOptions

    @Option(help: ArgumentHelp("Most to print, 1 to 1000.", valueName: "number"))
    var limit = 50

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit: expected a number from 1 to 1000, found \(limit)") }
    }

    func run() throws {
        let now = WallClock.system.now()
        let store = try storeOptions.open(.readOnly)
        try options.tenant?.refuseUnknown(in: store)
        let queries = RejectionQueries(store: store)
        let filter = options.filter(now: now)
        let (list, count) = (try queries.list(filter, limit: limit), try queries.count(filter))
        if json {
            Output.json([
                "kept": JSONTree(count.kept), "missed": JSONTree(count.missed), "rejected": .array(list.map(\.json)),
            ])
        } else {
            Self.print(list, count, now: now)
        }
    }

    private static func print(_ list: [Rejection], _ count: (kept: Int, missed: Int), now: Timestamp) {
        guard count.kept > 0 else { return Output.line("no rejected request") }
        var table = Table(["ID", "RECEIVED", "AGE", "REASON", "SOURCE", "TENANT", "FROM", "SIZE", "OUTCOME"])
        for rejection in list {
            table.add([
                rejection.id, rejection.receivedAt.description, Age.text(of: rejection.receivedAt, now: now), rejection.reason,
                rejection.source, rejection.tenant?.description, rejection.address, ByteCount.text(rejection.bytes),
                rejection.outcome?.rawValue,
            ])
        }
        Output.table(table)
        let missed = count.missed == 0 ? "" : "; \(count.missed) more came that were counted alone"
        Output.line("\n\(list.count) of \(count.kept)\(missed)\nWhy one fails: gatepost rejected show ID")
    }
}

extension Rejection {
    var json: JSONTree {
        [
            "id": .string(id), "source": .string(source), "tenant": JSONTree(tenant?.description), "received_at": JSONTree(receivedAt),
            "reason": .string(reason), "explanation": .string(explanation), "source_ip": JSONTree(address),
            "request_id": .string(requestID), "bytes": JSONTree(bytes), "missed": JSONTree(missed), "outcome": JSONTree(outcome?.rawValue),
            "settled_at": JSONTree(settledAt), "event_ids": .array(eventIDs.map { .string($0) }),
        ]
    }
}
