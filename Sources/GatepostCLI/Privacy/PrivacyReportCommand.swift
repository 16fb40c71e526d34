import ArgumentParser
import Common

struct PrivacyReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "What is kept of what, how, and for how long: by source and tenant, as the settings have it.",
        discussion: "For a record of processing activities. It tells of settings, not of what older settings have left in the store.")

    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let (store, settings) = try storeOptions.openWithSettings(.readOnly)
        let report = PrivacyReport(settings, try store.sealingState(), try EventQueries(store: store).counts())
        if json { Output.json(report.json) } else { report.print() }
    }
}

struct PrivacyReport {
    struct Line {
        let source: SourceName
        let tenant: TenantName
        let rules: PrivacyRules
        let events: Int
        let retention: [(status: EventStatus, age: Duration?)]
    }

    private let settings: Settings
    private let sealing: SealingState
    private let lines: [Line]

    init(_ settings: Settings, _ sealing: SealingState, _ counts: EventCounts) {
        self.settings = settings
        self.sealing = sealing
        lines = settings.sources.sorted { $0.key < $1.key }.flatMap { name, source in
            source.secrets.map(\.tenant).map { tenant in
                let stored = counts.lines.first { $0.source == name.description && $0.tenant == tenant.description }
                let ages = [EventStatus.processed, .received, .discarded, .failed].map { status in
                    (status, settings.retention?.age(of: status, source: name.description))
                }
                return Line(
                    source: name, tenant: tenant, rules: source.privacy.rules(of: tenant),
                    events: stored?.events.values.reduce(0, +) ?? 0, retention: ages)
            }
        }
    }

    private var keyDays: Int { Int((settings.retention?.keyAge ?? Purge.leastKeyAge).milliseconds / 86_400_000) }

    var json: JSONTree {
        [
            "encryption": .string(sealing.words(settings.encryption)),
            "rejected_days": JSONTree(settings.rejected.keep == 0 ? 0 : settings.rejected.days),
            "key_days": JSONTree(keyDays),
            "sources": .array(lines.map(\.json)),
        ]
    }

    func print() {
        Output.line("payloads    \(sealing.words(settings.encryption))")
        Output.line("rejected    \(settings.rejected.keep == 0 ? "not kept" : "whole, \(settings.rejected.days) d")")
        Output.line("keys        id, type and times without payload: \(keyDays) d at least, so that a repeat is known")
        Output.line("audit       for ever; names the operator, nobody else\n")
        var table = Table(["SOURCE", "TENANT", "EVENTS", "PAYLOAD", "WHOLE PAYLOAD", "DONE", "KEPT", "DISCARDED", "DEAD"])
        for line in lines {
            table.add([line.source.description, line.tenant.description, String(line.events), line.payload, line.original] + line.ages)
        }
        Output.table(table)
        for line in lines where !line.rules.isEmpty {
            Output.line("\n\(line.source), \(line.tenant)")
            for rule in line.rules.rules { Output.line("  \(rule.words)") }
        }
    }
}

extension PrivacyReport.Line {
    var payload: String { rules.isEmpty ? "as it came" : rules.preset ?? "\(rules.rules.count) rules" }
    var original: String { rules.isEmpty ? "-" : rules.originalFor.map { "\($0.milliseconds / 86_400_000) d" } ?? "not kept" }
    var ages: [String] { retention.map { $0.age.map { Age.words($0.milliseconds / 1000) } ?? "for ever" } }

    var json: JSONTree {
        let ages = retention.map { JSONTree.Member(name: $0.status.rawValue, value: JSONTree($0.age.map { Int($0.milliseconds / 1000) })) }
        return [
            "source": .string(source.description), "tenant": .string(tenant.description), "events": JSONTree(events),
            "preset": JSONTree(rules.preset), "rules": .array(rules.rules.map { .string($0.words) }),
            "original_days": JSONTree(rules.originalFor.map { Int($0.milliseconds / 86_400_000) }), "retention_seconds": .object(ages),
        ]
    }
}

extension PrivacyRule {
    var words: String {
        switch action {
        case .drop: "drop \(path)"
        case .hash: "hash \(path)"
        case .truncate(let count): "truncate \(path) to \(count)"
        }
    }
}
