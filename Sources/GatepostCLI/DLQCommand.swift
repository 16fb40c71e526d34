import ArgumentParser
import Common

struct DLQCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dlq", abstract: "Dead letters: events that WordPress refused, or whose tries are used up.",
        subcommands: [DLQListCommand.self, DLQShowCommand.self, DLQRetryCommand.self, DLQDiscardCommand.self])
}

/// Which dead letters.
struct DLQFilterOptions: ParsableArguments {
    @Option(help: "Of this tenant.")
    var tenant: TenantName?

    @Option(help: "Of this source; `gatepost providers` lists them.")
    var source: SourceName?

    @Option(help: "With this root cause, as `dlq list` counts them.")
    var cause: String?

    func validate() throws { try source?.validateIsKnown() }

    var filter: DeadLetters.Filter { DeadLetters.Filter(tenant: tenant, source: source, cause: cause) }

    /// For a sentence: ` of tenant shop`; empty without a filter.
    var words: String {
        let parts = [tenant.map { "of tenant \($0)" }, source.map { "of source \($0)" }, cause.map { "with cause \($0.printable)" }]
        return parts.compactMap { $0 }.map { " \($0)" }.joined()
    }
}
