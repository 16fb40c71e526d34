import ArgumentParser
import Common

struct EventsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Everything of one event.",
        discussion: "The event is named by our id, by the provider's own id or by its idempotency key.")

    @Argument(help: "Which event.")
    var id: String

    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print the payload alone, exactly as it was sent.")
    var raw = false

    @Flag(help: "Print the whole payload of an event that is stored without part of it, while it is kept.")
    var original = false

    func validate() throws {
        if raw, json { throw ValidationError("--raw and --json do not go together") }
    }

    func run() throws {
        let queries = EventQueries(store: try storeOptions.open(.readOnly))
        let event = try queries.only(id)
        if original {
            guard let body = try queries.original(of: event.sequence) else {
                throw Failure("no whole payload of \(event.summary.id) is kept")
            }
            return Output.write(body)
        }
        if raw, let fault = event.unreadable { throw Failure("the payload is \(fault)") }
        if raw { return Output.write(event.rawBody) }
        let view = try queries.view(event)
        if json { Output.json(view.json) } else { view.print(now: WallClock.system.now()) }
    }
}

extension EventQueries {
    /// The one event that `text` names.
    func only(_ text: String) throws -> StoredEvent {
        let found = try find(text)
        guard let first = found.first else {
            throw Failure("no event \(text.printable); it may be our id, the provider's own id or an idempotency key")
        }
        guard found.count == 1 else {
            let keys = found.compactMap(\.summary.idempotencyKey).joined(separator: ", ")
            throw Failure("\(found.count) events have the id \(text.printable); name one by its key: \(keys.printable)")
        }
        return first
    }
}
