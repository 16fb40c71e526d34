import ArgumentParser
import Common

struct RejectedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejected", abstract: "Requests that verification refused: what came, why it failed, and a second judgement.",
        subcommands: [RejectedListCommand.self, RejectedShowCommand.self, RejectedReverifyCommand.self])
}

/// Which rejected requests.
struct RejectedFilterOptions: ParsableArguments {
    @Option(help: "Of this source; `gatepost providers` lists them.")
    var source: SourceName?

    @Option(help: "Sent to this tenant's address.")
    var tenant: TenantName?

    @Option(help: "With this reason, as `rejected list` has it.")
    var reason: String?

    @Option(help: ArgumentHelp("Received at or after: 2026-01-31T09:00:00Z (RFC 3339), or 90s, 15m, 2h, 7d ago.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Received before: the same forms.", valueName: "time"))
    var until: TimeArgument?

    func validate() throws {
        try source?.validateIsKnown()
        if let reason, !RejectionReasons.all.contains(reason) {
            throw ValidationError("--reason: expected one of \(RejectionReasons.all.joined(separator: ", "))")
        }
    }

    /// For the record: ` of source stripe`; empty without a filter.
    var words: String {
        let now = WallClock.system.now()
        let parts = [
            source.map { "of source \($0)" }, tenant.map { "of tenant \($0)" }, reason.map { "with reason \($0)" },
            since.map { "since \($0.resolved(now: now))" }, until.map { "until \($0.resolved(now: now))" },
        ]
        return parts.compactMap { $0 }.map { " \($0)" }.joined()
    }

    var isEmpty: Bool { source == nil && tenant == nil && reason == nil && since == nil && until == nil }

    func filter(now: Timestamp, onlyOpen: Bool = false) -> RejectionFilter {
        var filter = RejectionFilter()
        filter.source = source
        filter.tenant = tenant
        filter.reason = reason
        filter.since = since?.resolved(now: now)
        filter.until = until?.resolved(now: now)
        filter.onlyOpen = onlyOpen
        return filter
    }
}

extension RejectionQueries {
    /// The one that `text` names by our id.
    func only(_ text: String) throws -> StoredRejection {
        if let id = EventID(text), let found = try find(id) { return found }
        throw Failure("no rejected request \(text.printable); `gatepost rejected list` has their ids")
    }
}
