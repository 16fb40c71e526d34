import ArgumentParser

struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Stored events: a list, or everything of one.",
        subcommands: [EventsListCommand.self, EventsShowCommand.self])
}
