import Common
import Foundation

/// Holds what we have against what each provider says it sent, since the last time, and fetches what is missing.
public struct Reconciler {
    public struct Outcome: Sendable {
        public let tenant: TenantName
        public let source: SourceName
        public let since: Timestamp
        public let until: Timestamp
        public let report: BackfillReport
        /// Why the comparison did not come to its end.
        public let error: String?
    }

    /// What is younger may be on its way still.
    static let delay: Duration = .seconds(900)
    /// How far the first comparison looks back.
    static let firstReach: Duration = .seconds(86_400)
    /// Stripe's list goes no further, nor do GitHub's.
    static let longestReach: Duration = .seconds(30 * 86_400)

    private let store: Store
    private let settings: Settings
    private let clock: WallClock

    public init(store: Store, settings: Settings, clock: WallClock = .system) {
        (self.store, self.settings, self.clock) = (store, settings, clock)
    }

    /// Tenants and sources that have a key, and are not left out by the settings; in order.
    public static func pairs(_ settings: Settings) -> [(tenant: TenantName, source: SourceName)] {
        settings.tenants.sorted { $0.key < $1.key }.flatMap { tenant, own in
            own.apis.filter { $0.value.key != nil && $0.value.reconcile }.keys.sorted().map { (tenant, $0) }
        }
    }

    /// From where the last comparison ended, or from further back on request.
    static func window(through: Timestamp?, since: Timestamp?, now: Timestamp) -> Range<Timestamp> {
        let end = Timestamp(milliseconds: now.milliseconds - delay.milliseconds)
        let earliest = Timestamp(milliseconds: now.milliseconds - longestReach.milliseconds)
        // What lies ahead was written by a clock that was: nothing would be compared until then.
        let usual = through.flatMap { $0 > now ? nil : $0 } ?? Timestamp(milliseconds: end.milliseconds - firstReach.milliseconds)
        let start = max(since ?? usual, earliest)
        return min(start, end)..<end
    }

    /// A comparison that came to no end is tried again so much later.
    static let betweenTries: Duration = .seconds(3600)

    /// Whether somebody should compare now: nobody has since three o'clock at night, or not since an outage is over for so long that what the
    /// provider sent in it lies within the comparison's reach; or the last comparison failed.
    public static func isDue(_ last: Reconciliation?, after outage: Outage?, now: Timestamp, in zone: TimeZone = .current) -> Bool {
        guard let last, last.ranAt <= now, last.ranAt >= lastNight(now, zone) else { return true }
        if last.error != nil, last.ranAt + betweenTries <= now { return true }
        guard let outage, outage.ended <= now else { return false }
        let ready = outage.ended + delay
        return ready <= now && last.ranAt < ready
    }

    /// The last three o'clock; where there is none because clocks were put forward, the hour after.
    static func lastNight(_ now: Timestamp, _ zone: TimeZone) -> Timestamp {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let moment = Date(timeIntervalSince1970: Double(now.milliseconds) / 1000)
        let three = DateComponents(hour: 3, minute: 0, second: 0)
        let night = calendar.nextDate(after: moment + 1, matching: three, matchingPolicy: .nextTime, direction: .backward)
        return Timestamp(milliseconds: Int64((night ?? moment - 86_400).timeIntervalSince1970 * 1000))
    }

    public func run(_ tenant: TenantName, _ source: SourceName, since: Timestamp? = nil, isDry: Bool) throws(StoreError) -> Outcome {
        let now = clock.now()
        let last = try store.reconciliations().first { $0.tenant == tenant.description && $0.source == source.description }
        let window = Self.window(through: last?.through, since: since, now: now)
        var report = BackfillReport(reached: window.lowerBound)
        var problem: String?
        do throws(BackfillError) {
            try compare(tenant, source, window, isDry, &report)
        } catch {
            if case .store(let error) = error { throw error }
            problem = error.description
        }
        if !isDry {
            try store.noteReconciliation(
                tenant: tenant, source: source, through: report.reached, listed: report.listed, missing: report.taken, error: problem,
                now: now)
        }
        return Outcome(
            tenant: tenant, source: source, since: window.lowerBound, until: window.upperBound, report: report, error: problem)
    }

    private func compare(
        _ tenant: TenantName, _ source: SourceName, _ window: Range<Timestamp>, _ isDry: Bool, _ report: inout BackfillReport
    ) throws(BackfillError) {
        let api = settings.tenants[tenant]?.apis[source]
        guard let own = settings.anySource(source) else { throw .notSetUp("no source \(source)") }
        var request = BackfillRun.Request(source: own, tenant: tenant, since: window.lowerBound, until: window.upperBound)
        (request.types, request.isDry) = (api?.types ?? [], isDry)
        let connection = try Connection(source, tenant: tenant, api, clock: clock)
        var run = BackfillRun(store: store, request: request, connection: connection, clock: clock)
        defer { report = run.report }
        try run.run()
    }
}
