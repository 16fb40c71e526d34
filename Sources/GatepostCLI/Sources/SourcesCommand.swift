import ArgumentParser

struct SourcesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources", abstract: "How often sources send, and how long they may be quiet.",
        subcommands: [SourcesSuggestCommand.self])
}
