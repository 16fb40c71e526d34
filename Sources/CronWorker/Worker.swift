import Common
import Delivery
import Foundation
import Logging
import Transport

/// Drains what is due: claims a batch a free connection, pushes it, settles it by its own answer, until nothing is due and nothing under way.
/// Tenants do not wait for one another.
final class Worker {
    struct Batch {
        let endpoint: Int
        let items: [PushItem]
        let lease: String
        let requestID: String
        let since: ContinuousClock.Instant
        /// Decides whether an open circuit is closed.
        let isProbe: Bool
    }

    /// One tenant's WordPress and how this run gets on with it.
    struct Endpoint {
        let tenant: TenantName
        var wordpress: Settings.WordPress
        /// Scheme, host and port: several tenants may live on one.
        let origin: String
        var underWay = 0
        var batchSize: Int
        /// The last claim found nothing; asked again once something was settled.
        var isDry = false
        /// WordPress has refused the first shared secret; the next one signs for the rest of this run.
        var signsWithNext = false
        /// Nil: no trouble lately.
        var circuit: Circuit?

        var key: CircuitBoard.Endpoint { .init(tenant: tenant.description, baseURL: wordpress.baseURL) }
    }

    let queue: JobQueue
    let board: CircuitBoard
    let settings: Settings.Worker
    let providers: Providers
    let clock: WallClock
    let transfers: Transfers<Batch>
    var endpoints: [Endpoint]
    private var first = 0
    private var marked = ContinuousClock.now
    /// How long a run waits for more once nothing is due.
    let linger: Duration
    let retention: Purge.Rule?
    let begun = ContinuousClock.now
    /// So long a run takes more; what is under way is settled in any case. The next one goes on, before systemd would end this one.
    var longestRun: Duration = .seconds(600)
    /// So long after the last time a run that goes on removes old events again: where events come all the time, a run lasts.
    var betweenCleanings: Duration = .seconds(5)
    var cleaned: ContinuousClock.Instant?
    /// What else is to be done while a run lasts, once in `betweenChores`. Called while nothing is under way: it may take its time.
    var chore: () -> Void = {}
    var betweenChores: Duration = .seconds(60)
    private var choreDone = ContinuousClock.now
    let shouldStop: () -> Bool
    /// Nil where nothing is traced.
    var tracer: Tracer?
    private var failures = FailureLog()

    init(
        queue: JobQueue, settings: Settings, clock: WallClock, linger: Duration = .zero, shouldStop: @escaping () -> Bool
    ) throws(TransportError) {
        var queue = queue
        queue.cutovers = settings.tenants.mapValues(\.delivery.cutover)
        self.queue = queue
        board = queue.circuits
        self.settings = settings.worker
        providers = settings.providers
        self.clock = clock
        self.linger = linger
        retention = settings.retention
        self.shouldStop = shouldStop
        endpoints = settings.tenants.sorted { $0.key < $1.key }.compactMap { tenant, own in
            own.usableWordPress.map {
                Endpoint(tenant: tenant, wordpress: $0, origin: Self.origin(of: $0.baseURL), batchSize: settings.worker.batchSize)
            }
        }
        transfers = try Transfers(
            options: TransferOptions(
                connectTimeout: settings.worker.connectTimeout, timeout: settings.worker.timeout,
                userAgent: "Gatepost/\(Gatepost.version)"),
            mostPerHost: settings.worker.connections)
    }

    /// Returns when nothing is due any more, or, once asked to stop, when what is under way is settled.
    func drain() throws {
        try mark()
        try lineUp()
        try mindTheClock()
        try reportTenantsWithoutWordPress()
        try trySuspects()
        defer { LogSink.write(failures.leftOut(at: clock.now(), ending: true)) }
        while true {
            if !shouldStop(), .now < begun + longestRun {
                try lineUp()
                // Asked anew each round: one tenant's long requests must not hide what has come for another.
                let due = Set(try queue.dueTenants(now: clock.now())).subtracting(try pausedTenants())
                try readCircuits()
                // Another begins each time: who shares a host with others gets its turn.
                first = (first + 1) % max(1, endpoints.count)
                for index in endpoints.indices.map({ ($0 + first) % endpoints.count }) {
                    endpoints[index].isDry = !due.contains(endpoints[index].tenant.description)
                    try fill(index)
                }
            }
            guard transfers.count > 0 else {
                try mark()
                try clean(after: cleaned)
                doChore()
                guard try waitForWork() else { return }
                // A lease may have ended while we waited; a claim leaves what workers have died on alone.
                try trySuspects()
                continue
            }
            for (batch, result) in transfers.wait(milliseconds: 500) { try settle(batch, result) }
            if .now - marked > Self.longestUnmarked { try mark() }
            try clean(after: cleaned ?? begun)
        }
    }

    /// - Parameter last: when it was done; nil: at once.
    func clean(after last: ContinuousClock.Instant?) throws {
        if let last, .now - last < betweenCleanings { return }
        try removeOldEvents()
        reportLongLog()
        cleaned = .now
    }

    private func doChore() {
        guard .now - choreDone >= betweenChores else { return }
        chore()
        choreDone = .now
    }

    /// So long the row of an event that WordPress has may say `queued`, while there is much to push. Where persons' events lie apart, marks
    /// of every part of a backlog rewrite most of its pages.
    private static let longestUnmarked: Duration = .seconds(10)

    private func mark() throws {
        var answered: [(tag: Batch, result: Result<HTTPResponse, TransportError>)] = []
        try queue.markSettled {
            // An answer that nobody fetches would run out of time.
            if transfers.count > 0 { answered += transfers.wait(milliseconds: 0) }
        }
        marked = .now
        for (batch, result) in answered { try settle(batch, result) }
    }

    /// What one person's events fold into is the better the more of them stand in the lane.
    func lineUp() throws {
        while try queue.lineUp(), !shouldStop() {}
    }

    /// Starts requests while the endpoint has a free connection and something due.
    private func fill(_ index: Int) throws {
        while underWay(at: endpoints[index].origin) < settings.connections, !endpoints[index].isDry {
            let now = clock.now()
            switch endpoints[index].circuit?.gate(now: now) ?? .pass {
            case .pass:
                _ = try start(index, most: endpoints[index].batchSize, isProbe: false, now: now)
            case .shut:
                return
            case .probe:
                guard try board.takeProbe(endpoints[index].key, until: now + settings.lease, now: now) else { return }
                while !endpoints[index].isDry, try !start(index, most: 1, isProbe: true, now: now) {}
                if endpoints[index].isDry { try giveProbeBack(index, now: now) }
                return
            }
        }
    }

    /// There was nothing to probe with: who comes next may.
    func giveProbeBack(_ index: Int, now: Timestamp) throws {
        try board.change(endpoints[index].key) { Circuit.after(.unknown, pushes: 0, $0, policy: self.settings.circuit, now: now) }
    }

    /// - Returns: whether a request went off.
    private func start(_ index: Int, most: Int, isProbe: Bool, now: Timestamp) throws -> Bool {
        let lease = newUUID()
        let pushes = try queue.claim(
            tenant: endpoints[index].tenant, limits: .init(items: most), lease: lease, until: now + settings.lease, now: now)
        if !pushes.isEmpty { FailurePoint.afterClaim.hit() }
        endpoints[index].isDry = pushes.isEmpty
        return try send(consume pushes, lease: lease, from: index, isProbe: isProbe)
    }

    /// - Parameter pushes: the caller keeps none: their bodies go as payloads come.
    /// - Returns: whether a request went off.
    @discardableResult
    func send(_ pushes: consuming [ClaimedPush], lease: String, from index: Int, isProbe: Bool) throws -> Bool {
        let items = try keepBack(setAsidePoison(consume pushes, lease: lease), lease: lease)
        guard !items.isEmpty else { return false }
        FailurePoint.beforePush.hit(items.map(\.payload))
        let batch = Batch(
            endpoint: index, items: items.map(\.withoutPayload), lease: lease, requestID: newUUID(), since: .now, isProbe: isProbe)
        let request = try endpoints[index].wordpress.batchRequest(
            consume items, requestID: batch.requestID, sampler: tracer?.exporter.sampler, now: clock.now())
        try transfers.start(request, tag: batch)
        endpoints[index].underWay += 1
        return true
    }

    /// libcurl would have more than that wait for a connection, and count the wait as the answer's.
    private func underWay(at origin: String) -> Int { endpoints.reduce(0) { $0 + ($1.origin == origin ? $1.underWay : 0) } }

    private static func origin(of url: String) -> String {
        String(url.prefix(while: { $0 != ":" }) + "://" + (url.split(separator: "/").dropFirst().first ?? ""))
    }

    /// What cannot be read any more goes to the dead letters at once.
    private func setAsidePoison(_ pushes: consuming [ClaimedPush], lease: String) throws -> [PushItem] {
        var items: [PushItem] = []
        var poison: [(ClaimedPush, Verdict)] = []
        items.reserveCapacity(pushes.count)
        pushes.reverse()
        // Each leaves the list before it is read, so that nobody else has its bodies when they go.
        while var push = pushes.popLast() {
            if let payload = PushItem.payload(of: push, providers: providers) {
                push.dropBodies()
                items.append(PushItem(push, payload: payload))
            } else {
                let why = whyUnreadable(push)
                push.dropBodies()
                poison.append((push, .dead(why)))
            }
        }
        if !poison.isEmpty { try queue.settle(poison, lease: lease, now: clock.now()) }
        return items
    }

    private func whyUnreadable(_ push: ClaimedPush) -> PushFailure {
        if push.events.contains(where: \.isTampered) {
            return PushFailure(cause: "tampered", text: "the encrypted event was changed or moved since it was stored")
        }
        guard let source = push.events.first?.source, providers[source: source] == nil else {
            return PushFailure(cause: "poison", text: "the stored event cannot be read")
        }
        return PushFailure(cause: "source_unknown", text: "the settings have no source \(source) any more, which says how to read it")
    }

    func settle(_ batch: Batch, _ result: Result<HTTPResponse, TransportError>) throws {
        FailurePoint.afterPush.hit()
        endpoints[batch.endpoint].underWay -= 1
        endpoints[batch.endpoint].isDry = false
        let now = clock.now()
        tracer?.note(batch, result, tenant: endpoints[batch.endpoint].tenant, now: now)
        let judge = Judge(
            tries: settings.tries, backoff: settings.backoff, site: endpoints[batch.endpoint].wordpress.baseURL, now: now,
            random: { Double.random(in: 0..<1) })
        if try turnToNextSecret(batch, result, now: now) { return }
        let report = judge.report(on: result, items: batch.items.count)
        try note(report, of: batch, now: now)
        var verdicts: [Verdict]
        var trace: RequestTrace? = trace(of: batch, result)
        switch judge.judge(result, items: batch.items) {
        case .settled(let list):
            verdicts = list
        case .split(let failure):
            endpoints[batch.endpoint].batchSize = max(1, batch.items.count / 2)
            verdicts = batch.items.map { _ in .retry(at: now, countsTry: false, failure: failure) }
            trace = nil
        }
        if batch.isProbe, report.isIll { verdicts = verdicts.map { spared($0, by: endpoints[batch.endpoint].circuit, now: now) } }
        FailurePoint.beforeSettle.hit()
        let counts = Counters(result, of: endpoints[batch.endpoint].tenant)
        let lost = try queue.settle(
            Array(zip(batch.items.map(\.push), verdicts)), lease: batch.lease, trace: trace, counts: counts, now: now)
        FailurePoint.afterSettle.hit()
        log(batch, verdicts, lost: lost, at: now)
    }

    /// With the answer's beginning where the whole request failed.
    private func trace(of batch: Batch, _ result: Result<HTTPResponse, TransportError>) -> RequestTrace {
        var answer: String?
        if case .success(let response) = result,
            !(200..<300).contains(response.status) || BatchResults(response.body, count: batch.items.count) == nil
        {
            answer = RequestTrace.excerpt(of: response.body, without: endpoints[batch.endpoint].wordpress.secretBytes)
        }
        return RequestTrace(
            requestID: batch.requestID, tookMilliseconds: (ContinuousClock.now - batch.since).milliseconds, answer: answer)
    }

    private func log(_ batch: Batch, _ verdicts: [Verdict], lost: Int, at now: Timestamp) {
        let took = (ContinuousClock.now - batch.since).milliseconds
        var lines = failures.leftOut(at: now)
        for (item, verdict) in zip(batch.items, verdicts) {
            let room = failures.room(for: verdict, tenant: item.push.tenant.description, events: item.push.events.count)
            let line = verdict.logLine(at: now).with("tenant", item.push.tenant.description).with("latency_ms", took)
                .with("request_id", batch.requestID)
            lines += item.push.events.indices.prefix(room).map { index in
                // By its place: an event is much to copy.
                let id = item.push.events[index].id
                let trace = EventTrace.id(
                    eventID: id, requestID: item.push.events[index].requestID, traceparent: item.push.events[index].traceparent)
                return line.with("source", item.push.events[index].source).with("event_id", id).with("trace_id", trace)
            }
        }
        if lost > 0 {
            lines.append(
                LogLine("lease ended before the answer came; another worker has the events", level: .warning, at: now)
                    .with("events", Int64(lost)).with("request_id", batch.requestID))
        }
        LogSink.write(lines)
    }

    private func reportTenantsWithoutWordPress() throws {
        let known = Set(endpoints.map(\.tenant.description))
        let now = clock.now()
        let paused = try pausedTenants()
        let lines = try queue.dueTenants(now: now).filter { !known.contains($0) && !paused.contains($0) }.map { tenant in
            LogLine("events wait: this tenant has no WordPress, or no credential for it; see gatepost check", level: .error, at: now)
                .with("tenant", tenant)
        }
        LogSink.write(lines)
    }

    func newUUID() -> String { UUID().uuidString.lowercased() }
}

extension Verdict {
    func logLine(at now: Timestamp) -> LogLine {
        switch self {
        case .done(let status): LogLine("pushed", at: now).with("outcome", "processed").with("status", Int64(status))
        case .retry(let due, _, let failure):
            LogLine(failure.text, level: .warning, at: now).with("outcome", "retry").with("cause", failure.cause)
                .with("due", due.description)
        case .dead(let failure):
            LogLine(failure.text, level: .error, at: now).with("outcome", "dead").with("cause", failure.cause)
        case .kept(let mode, _): LogLine("kept from WordPress by the cutover", at: now).with("outcome", mode.rawValue)
        }
    }
}
