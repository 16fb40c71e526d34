import Common
import Foundation

/// Reads what a provider lists, slice of time by slice of time, and stores what we do not have, oldest first.
public struct BackfillRun {
    public struct Request: Sendable {
        public var source: Settings.Source
        public var tenant: TenantName
        public var since: Timestamp
        /// Exclusive.
        public var until: Timestamp
        /// Only these; empty: those that are not only kept.
        public var types: [EventPattern] = []
        /// Has the provider send again what is missing, where it can.
        public var redeliver = false
        public var isDry = false

        public init(source: Settings.Source, tenant: TenantName, since: Timestamp, until: Timestamp) {
            (self.source, self.tenant, self.since, self.until) = (source, tenant, since, until)
        }
    }

    /// In one transaction: ingest waits for the lock some milliseconds.
    private static let mostAtOnce = 50
    private static let mostBytesAtOnce = 2 << 20
    /// Of one slice, in memory. A slice that is larger is cut in half.
    private static let mostBytesASlice = 32 << 20
    /// Of one kind within one slice: beyond that it is no list, but a loop.
    private static let mostPagesASlice = 5000
    /// How much earlier than its object's time an event may have come, by two clocks.
    private static let skew: Duration = .seconds(600)

    private let store: Store
    private let request: Request
    private let api: APIClient
    private var reader: any ProviderReader
    private let admission: Admission
    private let clock: WallClock
    private let runID = "backfill-\(UUID().uuidString.lowercased())"
    private var known: KnownStates?
    private var progress: BackfillProgress?
    private var waiting: [BackfillItem] = []
    private var bytes = 0
    private let tell: (BackfillReport) -> Void
    public private(set) var report: BackfillReport

    /// - Parameters:
    ///   - progress: written as the run goes on; nil: nothing is written down, and who is killed begins anew.
    ///   - tell: called now and then.
    public init(
        store: Store, request: Request, connection: Connection, progress: BackfillProgress? = nil, clock: WallClock = .system,
        tell: @escaping (BackfillReport) -> Void = { _ in }
    ) {
        (self.store, self.request, self.clock, self.tell) = (store, request, clock, tell)
        (api, reader) = (connection.api, connection.reader)
        admission = Admission(
            request.source.provider, routes: request.source.routes, privacy: request.source.privacy, hashKey: store.vault.hashKey)
        self.progress = request.isDry ? nil : progress
        report = BackfillReport(reached: max(request.since, progress?.reached ?? request.since))
    }

    public mutating func run() throws(BackfillError) {
        let (start, end) = (report.reached.floored, request.until.floored)
        guard start < end else { return try finish() }
        // Killed before its first event it can be gone on with too, and --resume never takes an older run for it.
        try reach(report.reached)
        if request.source.provider.listsObjects { try look(since: request.since) }
        try reader.prepare(request.since.floored..<end, api)
        var (at, plan) = (start, SlicePlan())
        let last = reader.readsToNow ? max(end, clock.now().floored) : end
        while at < last {
            let slice = plan.slice(from: at, to: last)
            guard let pages = try read(slice, canShrink: plan.canShrink) else {
                plan.shrink()
                continue
            }
            at = slice.upperBound
            // Where changes behind the end are read too, the end is reached with the last of them.
            report.reached = at < last ? min(at, end + .seconds(-1)) : end
            try reach(report.reached)
            plan.note(pages: pages, kinds: reader.kinds.count)
        }
        try finish()
    }

    /// Nil where the slice holds too much to be put into order.
    private mutating func read(_ slice: Range<Timestamp>, canShrink: Bool) throws(BackfillError) -> Int? {
        try again { () throws(BackfillError) in try readOnce(slice, canShrink: canShrink) }
    }

    private mutating func readOnce(_ slice: Range<Timestamp>, canShrink: Bool) throws(BackfillError) -> Int? {
        var (pages, size) = (0, 0)
        var found: [Finding] = []
        for kind in reader.kinds {
            var (cursor, own): (String?, Int) = (nil, 0)
            var cursors: Set<String> = []
            repeat {
                let page = try reader.page(kind, slice, cursor: cursor, api)
                guard page.next.map({ cursors.insert($0).inserted }) ?? true, own < Self.mostPagesASlice else {
                    throw .unexpected(host: api.host, "a list without end: it gives the same page again, or page after page of one second")
                }
                found += page.findings
                size += page.findings.reduce(0) { $0 + $1.body.count }
                cursor = page.next
                (pages, own) = (pages + 1, own + 1)
                if own >= reader.mostPages && cursor != nil || size > Self.mostBytesASlice {
                    if canShrink { return nil }
                    try take(found)
                    (found, size) = ([], 0)
                }
            } while cursor != nil
        }
        try take(found)
        return pages
    }

    // MARK: From findings to events

    private mutating func take(_ findings: [Finding]) throws(BackfillError) {
        // Sorting is stable: what is of one moment stays as it lies.
        let inOrder = reader.listsNewestFirst ? findings.reversed() : findings
        for finding in inOrder.sorted(by: { $0.at < $1.at }) {
            guard let item = try item(finding) else { continue }
            waiting.append(item)
            bytes += item.event.rawBody.count
            if waiting.count >= Self.mostAtOnce || bytes >= Self.mostBytesAtOnce { try flush() }
        }
        try flush()
    }

    /// Nil for what needs no more work.
    private mutating func item(_ finding: Finding) throws(BackfillError) -> BackfillItem? {
        var finding = finding
        if let key = finding.key, finding.detail != nil {
            let provider = request.source.provider.source
            let have = try storing { () throws(StoreError) in
                try EventQueries(store: store).has(key: "\(provider):\(request.tenant):\(key)")
            }
            if have || request.redeliver { return try settle(finding, have: have) }
        }
        guard let whole = try reader.fetch(finding, api) else {
            report.gone += 1
            return nil
        }
        finding = whole
        if let creation = finding.creation, creation.at >= request.since, isUnheardOf(finding) { finding.headers = creation.headers }
        guard let item = event(finding) else {
            report.gone += 1
            return nil
        }
        guard isWanted(item.event) else {
            report.otherTypes += 1
            return nil
        }
        report.listed += 1
        return item
    }

    /// What is decided without its payload.
    private mutating func settle(_ finding: Finding, have: Bool) throws(BackfillError) -> BackfillItem? {
        report.listed += 1
        if have {
            report.duplicates += 1
        } else {
            let isAsked = request.isDry ? true : try reader.redeliver(finding, api)
            report.redelivered += isAsked ? 1 : 0
        }
        return nil
    }

    private func isUnheardOf(_ finding: Finding) -> Bool {
        guard let state = event(finding)?.state, let known else { return false }
        return !known.knows(state)
    }

    private func event(_ finding: Finding) -> BackfillItem? {
        guard let root = (try? JSONDocument(finding.body))?.root, root.isObject else { return nil }
        let headers = HeaderFields(finding.headers + [("gatepost-verified-by", "api")])
        let arrival = Arrival(
            request: SignedRequest(method: "POST", url: "", headers: headers, body: finding.body), mediaType: "application/json",
            receivedAt: clock.now(), sourceIP: nil, requestID: runID, createdBy: "backfill")
        return BackfillItem(
            admission.event(root, of: arrival, tenant: request.tenant), state: request.source.provider.state(of: root, headers: headers))
    }

    private func isWanted(_ event: NewEvent) -> Bool {
        guard !request.types.isEmpty else { return reader.listsDeliveries || event.reading.route != .keep }
        return request.types.contains { $0.matches(event.reading.eventType) }
    }

    // MARK: The store

    /// What has come already, where only the events themselves say what they told.
    private mutating func look(since: Timestamp) throws(BackfillError) {
        let source = request.source.provider.source
        let rules = request.source.privacy.rules(of: request.tenant)
        if let path = request.source.provider.statePath(hiddenBy: rules) {
            throw .notSetUp(
                "sources.\(source).privacy changes \(path), by which what has come is held against what \(source) lists; leave it as it is")
        }
        let early = Timestamp(milliseconds: since.milliseconds - Self.skew.milliseconds)
        var states = KnownStates(request.source.provider, tenant: request.tenant, since: early)
        try storing { () throws(StoreError) in try states.readOn(store) }
        guard states.unreadable == 0 else { throw .forgotten(events: states.unreadable) }
        known = states
    }

    private mutating func flush() throws(BackfillError) {
        guard !waiting.isEmpty else { return }
        let (items, writer) = (waiting, EventWriter(store: store))
        (waiting, bytes) = ([], 0)
        if request.isDry {
            let fresh = try storing { () throws(StoreError) in try writer.foresee(items, known: known) }
            for (item, isNew) in zip(items, fresh) { count(item, isNew, id: nil) }
        } else {
            // All but the newest outside of the transaction, so that it is short.
            var (states, run) = (known, progress)
            try storing { () throws(StoreError) in try states?.readOn(store) }
            run?.listed += items.count
            let outcomes = try storing { () throws(StoreError) in
                try writer.backfill(items, known: &states, progress: &run, now: clock.now())
            }
            (known, progress) = (states, run)
            for (item, outcome) in zip(items, outcomes) { count(item, outcome.isNew, id: outcome.eventID) }
        }
        report.requests = api.requests
        tell(report)
    }

    private mutating func count(_ item: BackfillItem, _ isNew: Bool, id: String?) {
        if isNew {
            report.taken += 1
            report.note(item.event, id: id)
        } else {
            report.duplicates += 1
        }
    }

    private mutating func reach(_ moment: Timestamp) throws(BackfillError) {
        report.requests = api.requests
        tell(report)
        guard var run = progress else { return }
        run.reached = moment
        progress = run
        let store = store
        let written = run
        try storing { () throws(StoreError) in try store.write(written) }
    }

    private mutating func finish() throws(BackfillError) {
        let now = clock.now()
        progress?.finishedAt = now
        try reach(report.reached)
    }
}

extension Timestamp {
    var floored: Timestamp { Timestamp(milliseconds: milliseconds - milliseconds % 1000) }
}
