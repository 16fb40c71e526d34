import ArgumentParser
import Common

/// Which events are to go once more.
struct ReplayFilterOptions: ParsableArguments {
    @Option(help: "Of this tenant.")
    var tenant: TenantName?

    @Option(help: "Of this source; `gatepost providers` lists them.")
    var source: SourceName?

    @Option(help: "Of this type; * stands for any text, as in customer.*.")
    var type: EventPattern?

    @Option(help: ArgumentHelp("In this status: processed or discarded; without it, both.", valueName: "status"))
    var status: EventStatus?

    @Option(help: ArgumentHelp("Received at or after: 2026-01-31T09:00:00Z (RFC 3339), or 90s, 15m, 2h, 7d ago.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Received before: the same forms.", valueName: "time"))
    var until: TimeArgument?

    var isEmpty: Bool { tenant == nil && source == nil && type == nil && status == nil && since == nil && until == nil }

    func validate() throws {
        guard status == nil || status == .processed || status == .discarded else {
            throw ValidationError("--status: expected processed or discarded; dead letters go by gatepost dlq retry")
        }
    }

    func filter(now: Timestamp) -> EventFilter {
        var filter = EventFilter()
        (filter.tenant, filter.source, filter.type, filter.status) = (tenant, source, type, status)
        (filter.since, filter.until) = (since?.resolved(now: now), until?.resolved(now: now))
        return filter
    }

    /// For the record.
    var words: String {
        let now = WallClock.system.now()
        let parts: [(String, String?)] = [
            ("tenant", tenant?.description), ("source", source?.description), ("type", type?.description), ("status", status?.rawValue),
            ("since", since?.resolved(now: now).description), ("until", until?.resolved(now: now).description),
        ]
        return parts.compactMap { name, value in value.map { "--\(name) \($0)" } }.joined(separator: " ")
    }
}
