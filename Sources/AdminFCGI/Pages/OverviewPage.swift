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
        // What needs somebody comes first: there may be hundreds.
        rows = counts.lines.map { Row($0, rejected: rejections.open(tenant: $0.tenant, source: $0.source)) }
            .enumerated().sorted { ($0.element.failed, -$0.offset) > ($1.element.failed, -$1.offset) }.map(\.element)
        held = try Held.all(store, visit)
        let book = try AlertBook(store: store).all()
        alerts = book.filter { $0.state == .open }.map { AlertsPage.Row($0, nil, visit) }
        let chosen = counts.lines.first { $0.tenant == visit.request.query["tenant"] && $0.source == visit.request.query["source"] }
        linesOf = chosen.map { "\($0.tenant) · \($0.source)" }
        spans = try EventQueries(store: store)
            .activity(
                tenant: chosen?.tenant, source: chosen?.source, waiting: chosen.map { $0.events[.queued] ?? 0 } ?? queued, now: now
            ).map(ActivityLines.init)
        cameThisHour = spans.first?.lines.first?.figure ?? 0
        facts = try Self.facts(store, book, visit)
    }

    private static func facts(_ store: Store, _ book: [Alert], _ visit: Visit) throws -> [Fact] {
        let circuits = try CircuitBoard(store: store).all().filter { $0.circuit.state != .closed }.count
        let ended = book.filter { $0.state == .resolved }.max { $0.lastAt < $1.lastAt }
        var facts = [
            Fact(name: "Circuits", value: circuits == 0 ? "all closed" : "\(circuits) not closed: see above"),
            Fact(
                name: "Last alert",
                value: book.contains { $0.state == .open }
                    ? "open: see above"
                    : ended.map { "\($0.condition.what); over since \(Age.text(of: $0.lastAt, now: visit.now))" } ?? "none in 30 days"),
            Fact(name: "Store", value: ByteCount.text(store.databaseBytes)),
            Fact(name: "Write-ahead log", value: ByteCount.text(store.writeAheadLogBytes)),
        ]
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
