import ArgumentParser

struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Stored events: a list, everything of one, or one once more.",
        subcommands: [EventsListCommand.self, EventsShowCommand.self, EventsReplayCommand.self, EventsExportCommand.self])
}
