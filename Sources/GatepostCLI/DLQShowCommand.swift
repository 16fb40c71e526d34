import ArgumentParser
import Common

struct DLQShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Everything of one dead letter.",
        discussion: "The event is named by our id, by the provider's own id or by its idempotency key.")

    @Argument(help: "Which event.")
    var id: String

    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let queries = EventQueries(store: try storeOptions.open(.readOnly))
        let view = try queries.view(queries.onlyDead(id))
        if json { Output.json(view.json) } else { view.print(now: WallClock.system.now()) }
    }
}

extension EventQueries {
    /// The one dead letter that `text` names.
    func onlyDead(_ text: String) throws -> StoredEvent {
        let event = try only(text)
        guard event.job?.status == "dead" else {
            throw Failure("event \(event.summary.id) is no dead letter; its status is \(event.summary.status)")
        }
        return event
    }
}
