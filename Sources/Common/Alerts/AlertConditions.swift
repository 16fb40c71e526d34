/// From facts to what is wrong, in words. Plain functions of their arguments.
extension AlertFacts {
    public func conditions(_ settings: Settings, now: Timestamp) -> [AlertCondition] {
        deadLetters(settings.alerts) + oldQueues(settings.alerts, now) + quietSources(settings, now) + oldSecrets(settings.alerts, now)
            + lowDisk(settings.ingest.freeSpaceFloor, now) + openCircuits() + missingEvents() + failedComparisons()
    }

    private func deadLetters(_ rules: Settings.Alerts) -> [AlertCondition] {
        dead.filter { $0.events >= rules.deadLetters }.map { dead in
            let options = "--tenant \(dead.tenant)\(CauseFix.option(dead.cause))"
            return AlertCondition(
                key: AlertKey(.deadLetters, "\(dead.tenant)/\(dead.cause)"), since: dead.first, count: dead.events, newest: dead.last,
                what: "\(dead.events) dead letter\(dead.events == 1 ? "" : "s") of tenant \(dead.tenant): \(dead.cause)",
                fix: "\(CauseFix.text(dead.cause)); then gatepost dlq retry --all \(options)",
                next: "gatepost dlq list \(options)", example: dead.example)
        }
    }

    private func oldQueues(_ rules: Settings.Alerts, _ now: Timestamp) -> [AlertCondition] {
        queues.filter { $0.oldest + rules.oldestQueued <= now }.map { queue in
            AlertCondition(
                key: AlertKey(.oldQueue, queue.tenant), since: queue.oldest, count: queue.events,
                what: "\(queue.events) event\(queue.events == 1 ? " waits" : "s wait") for tenant \(queue.tenant)'s WordPress, "
                    + "the oldest for \(Self.words(from: queue.oldest, to: now))",
                fix: "see what its WordPress answers, and that gatepost-worker.timer runs",
                next: "gatepost events show \(queue.example)", example: queue.example)
        }
    }

    /// A source that is not served, or that nothing is known of yet, is not quiet.
    private func quietSources(_ settings: Settings, _ now: Timestamp) -> [AlertCondition] {
        lastHeard.sorted { $0.key < $1.key }.compactMap { heard, last in
            guard let source = SourceName(heard.source), let tenant = TenantName(heard.tenant),
                settings.sources[source]?.secrets.contains(where: { $0.tenant == tenant }) == true,
                let longest = settings.alerts.longestQuiet(of: source, tenant: tenant), last + longest < now
            else { return nil }
            return AlertCondition(
                key: AlertKey(.quietSource, "\(source)/\(tenant)"), since: last,
                what: "source \(source) has sent nothing for tenant \(tenant) for \(Self.words(from: last, to: now)); "
                    + "it should at least every \(Age.words(longest.milliseconds / 1000))",
                fix: "look at the webhook's last deliveries at the provider; what was refused stands in ingest's log",
                next: "gatepost rejected list --source \(source) --since 1d")
        }
    }

    private func oldSecrets(_ rules: Settings.Alerts, _ now: Timestamp) -> [AlertCondition] {
        let days = Int(rules.secretAge.milliseconds / 86_400_000)
        let old = secrets.filter { $0.state == .active && ($0.ageInDays ?? 0) > days }
        return Dictionary(grouping: old) { "\($0.source)/\($0.tenant)" }.sorted { $0.key < $1.key }.map { subject, reports in
            let age = reports.compactMap(\.ageInDays).max() ?? 0
            return AlertCondition(
                key: AlertKey(.oldSecret, subject), since: Timestamp(milliseconds: now.milliseconds - Int64(age - days) * 86_400_000),
                count: reports.count,
                what: "the secret of \(reports[0].source), tenant \(reports[0].tenant), is \(age) days old",
                fix: "put a new one beside it, change it at the provider, then take the old one out",
                next: "gatepost secrets age --days \(days)")
        }
    }

    /// Under the floor ingest answers 503: warns while there is as much again.
    private func lowDisk(_ floor: Int, _ now: Timestamp) -> [AlertCondition] {
        guard let freeBytes, freeBytes / 2 < floor else { return [] }
        return [
            AlertCondition(
                key: AlertKey(.lowDisk, "store"), since: now,
                what: "\(ByteCount.text(freeBytes)) free on the store's disk; below \(ByteCount.text(floor)) posts are answered 503",
                fix: "make room there, or give it a larger disk", next: "gatepost status")
        ]
    }

    private func openCircuits() -> [AlertCondition] {
        circuits.map { circuit in
            AlertCondition(
                key: AlertKey(.circuitOpen, circuit.tenant), since: circuit.since,
                what: "nothing is pushed to tenant \(circuit.tenant)'s WordPress until it answers again: \(circuit.cause)",
                fix: "\(CauseFix.text(circuit.cause)); events wait, and go by themselves once it answers",
                next: "gatepost status")
        }
    }

    private static func words(from moment: Timestamp, to now: Timestamp) -> String {
        Age.words(max(0, now.milliseconds - moment.milliseconds) / 1000)
    }
}
