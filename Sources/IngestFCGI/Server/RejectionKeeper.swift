import Common
import Synchronization

/// Decides for all turns together which refused requests are kept. Strangers may be refused as often as they like; it costs a row a few
/// times a minute.
final class RejectionKeeper: Sendable {
    let limits: Settings.Rejected
    private let budget: Mutex<RejectionBudget>

    init(_ limits: Settings.Rejected) {
        self.limits = limits
        budget = Mutex(RejectionBudget(limits))
    }

    func take(_ source: SourceName, address: String?, bytes: Int, now: Timestamp) -> Int? {
        budget.withLock { $0.take(source, address: address, bytes: bytes, now: now) }
    }

    /// One that was to be kept and could not be.
    func missed(_ rejection: NewRejection) { budget.withLock { $0.miss(rejection.source, rejection.missed + 1) } }
}

/// A request judged: what becomes of it, and what is kept of one that verification refused.
struct Judgement {
    let result: Result<Decision, Refusal>
    var rejection: NewRejection?
}

extension Desk {
    func judge(_ head: RequestHead, _ source: Gateway.Source, _ tenant: TenantName?, body: Bytes, now: Timestamp) -> Judgement {
        let result = decide(head, source, tenant, body: body, now: now)
        guard case .failure(let refusal) = result, refusal.isWorthKeeping else { return Judgement(result: result) }
        let request = SignedRequest(method: head.method, url: head.url, headers: head.headers, body: body)
        let name = source.provider.source
        let missed = keeper.take(name, address: head.remoteAddress, bytes: NewRejection.bytes(of: request), now: now)
        guard let missed else { return Judgement(result: result) }
        let arrival = Arrival(
            request: request, mediaType: head.mediaType, receivedAt: now, sourceIP: head.remoteAddress, requestID: head.requestID,
            createdBy: NewEvent.byWebhook)
        let rejection = NewRejection(
            arrival, provider: source.provider, tenant: tenant, reason: refusal.reason, explanation: refusal.description, missed: missed)
        return Judgement(result: result, rejection: rejection)
    }

    /// Stores posts as `commit` does, and rejected requests beside them where that harms none.
    /// - Returns: by post what became of it; by rejected request its id, nil where it is not kept.
    func commit(
        _ posts: [[NewEvent]], rejections: [NewRejection], now: Timestamp
    ) -> (posts: [Result<[StoreOutcome], Refusal>], rejections: [String?]) {
        guard !rejections.isEmpty else { return (commit(posts, now: now), []) }
        func drop() -> [String?] {
            for rejection in rejections { keeper.missed(rejection) }
            return rejections.map { _ in nil }
        }
        guard (try? checkSpace()) != nil else { return (commit(posts, now: now), drop()) }
        do throws(StoreError) {
            let (stored, ids) = try writer.commit(posts, rejections: rejections, limits: keeper.limits, now: now)
            for (rejection, id) in zip(rejections, ids) where id == nil { keeper.missed(rejection) }
            return (stored.map { .success($0) }, ids)
        } catch {
            // Who waited for a lock in vain waits no second time.
            guard !error.isBusy else { return (posts.map { _ in .failure(.storeFailed(error.description)) }, drop()) }
            return (commit(posts, now: now), drop())
        }
    }
}

extension Refusal {
    /// Verification refused it. What only waits for a certificate comes again by itself.
    fileprivate var isWorthKeeping: Bool {
        switch self {
        case .notVerified(.certificateWanted): false
        case .notVerified: true
        default: false
        }
    }
}

extension StoreError {
    /// SQLITE_BUSY: another program holds the lock.
    fileprivate var isBusy: Bool { if case .sql(let code, _, _) = self { code & 0xFF == 5 } else { false } }
}
