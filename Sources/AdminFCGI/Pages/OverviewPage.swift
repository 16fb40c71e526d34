import Common

/// What comes in, waits and fails, and what keeps it from going on.
struct OverviewPage {
    struct Row {
        let tenant, source: String
        let queued, processed, failed, kept, rejected: Int
        let link: String
        let lines: String
        let isFailing: Bool
    }

    struct Held {
        let what: String
        let why: String
        let since: Moment?
        let next: Moment?
    }

    struct Fact {
        let name: String
        let value: String
    }

    let queued, processed, failed: Int
    let isFailing: Bool
    let oldest: Moment?
    let rows: [Row]
    let held: [Held]
    let alerts: [AlertsPage.Row]
    let spans: [ActivityLines]
    /// Whose lines alone are shown; nil: everybody's.
    let linesOf: String?
    let cameThisHour: Int
    let facts: [Fact]

    init(_ store: Store, _ visit: Visit) throws {
        let now = visit.now
        let counts = try EventQueries(store: store).counts()
        let rejections = try RejectionQueries(store: store).counts()
        (queued, processed, failed) = (counts.total(.queued), counts.total(.processed), counts.total(.failed))
        isFailing = failed > 0
        oldest = visit.moment(counts.oldestQueued)
        rows = counts.lines.map { Row($0, rejected: rejections.open(tenant: $0.tenant, source: $0.source)) }
        held = try Self.held(store, visit)
        alerts = try AlertBook(store: store).all().filter { $0.state == .open }.map { AlertsPage.Row($0, nil, visit) }
        let chosen = counts.lines.first { $0.tenant == visit.request.query["tenant"] && $0.source == visit.request.query["source"] }
        linesOf = chosen.map { "\($0.tenant) · \($0.source)" }
        spans = try EventQueries(store: store)
            .activity(
                tenant: chosen?.tenant, source: chosen?.source, waiting: chosen.map { $0.events[.queued] ?? 0 } ?? queued, now: now
            ).map(ActivityLines.init)
        cameThisHour = spans.first?.lines.first?.figure ?? 0
        facts = try Self.facts(store, visit)
    }

    private static func held(_ store: Store, _ visit: Visit) throws -> [Held] {
        let circuits = try CircuitBoard(store: store).all().filter { $0.circuit.state != .closed }.map { endpoint, circuit in
            Held(
                what: "Circuit \(circuit.state.rawValue): \(endpoint.baseURL) of \(endpoint.tenant)",
                why: "\(circuit.cause): \(circuit.error)",
                since: visit.moment(circuit.openedAt), next: visit.moment(circuit.retryAt))
        }
        let pauses = try Pauses(store: store).all().map { pause in
            let parts = [
                pause.tenant.map { "tenant \($0)" }, pause.source.map { "source \($0)" }, pause.route.map { "route \($0.rawValue)" },
            ]
            let words = parts.compactMap { $0 }.joined(separator: ", ")
            return Held(
                what: "Paused: \(words.isEmpty ? "everything" : words)", why: "by an operator; gatepost resume lets it go on",
                since: visit.moment(pause.since), next: nil)
        }
        return circuits + pauses
    }

    private static func facts(_ store: Store, _ visit: Visit) throws -> [Fact] {
        var facts = [Fact(name: "Write-ahead log", value: ByteCount.text(store.writeAheadLogBytes))]
        if let free = store.freeBytes {
            let floor = visit.settings.ingest.freeSpaceFloor
            let words = free < floor ? ", below the floor of \(ByteCount.text(floor)): nothing is taken in" : ""
            facts.append(Fact(name: "Disk free", value: ByteCount.text(free) + words))
        }
        let ages = SecretReport.all(visit.settings, try store.secretUses(), now: visit.now).filter { $0.state == .active }.compactMap(
            \.ageInDays)
        if let oldest = ages.max() {
            let old = ages.filter { $0 >= 90 }.count
            facts.append(Fact(name: "Oldest secret", value: "\(oldest) days" + (old > 0 ? ", \(old) of 90 days or more" : "")))
        }
        return facts
    }
}

extension OverviewPage.Row {
    init(_ line: EventCounts.Line, rejected: Int) {
        func count(_ status: EventStatus) -> Int { line.events[status] ?? 0 }
        self.init(
            tenant: line.tenant.isEmpty ? "(none)" : line.tenant, source: line.source, queued: count(.queued), processed: count(.processed),
            failed: count(.failed), kept: count(.received), rejected: rejected,
            link: PageFields([("tenant", line.tenant), ("source", line.source)]).link("/admin/events"),
            lines: PageFields([("tenant", line.tenant), ("source", line.source)]).link("/admin/") + "#lines", isFailing: count(.failed) > 0)
    }
}
