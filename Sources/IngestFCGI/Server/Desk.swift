import Common
import Synchronization

/// From requests to answers: judges each, stores together what was believed, and answers only then.
struct Desk: Sendable {
    let live: LiveGateway
    let certificates: CertificateShelf
    let store: Store
    let writer: EventWriter
    let freeSpaceFloor: Int
    let keeper: RejectionKeeper
    let refusals: RefusalLog
    private let lastPulse: LastPulse

    var gateway: Gateway { live.gateway }

    init(
        live: LiveGateway, store: Store, writer: EventWriter, freeSpaceFloor: Int, rejected: Settings.Rejected = .init(),
        anchors: TrustAnchors = TrustAnchors(bundle: "")
    ) {
        self.live = live
        certificates = CertificateShelf(errands: Errands(store: store), anchors: anchors)
        self.store = store
        self.writer = writer
        self.freeSpaceFloor = freeSpaceFloor
        keeper = RejectionKeeper(rejected)
        refusals = RefusalLog()
        lastPulse = LastPulse()
    }

    /// The same desk under other settings. What was counted of this minute's rejections stays counted.
    init(_ old: Desk, live: LiveGateway, freeSpaceFloor: Int, rejected: Settings.Rejected, anchors: TrustAnchors) {
        self.live = live
        certificates = CertificateShelf(errands: Errands(store: old.store), anchors: anchors)
        store = old.store
        writer = old.writer
        self.freeSpaceFloor = freeSpaceFloor
        keeper = rejected == old.keeper.limits ? old.keeper : RejectionKeeper(rejected)
        lastPulse = old.lastPulse
        refusals = old.refusals
    }

    /// A request judged by its head.
    enum Entry {
        case read(Gateway.Source, TenantName?)
        case reply(Result<Reply, Refusal>)
    }

    func admit(_ head: RequestHead) -> Entry {
        do throws(Refusal) {
            switch try admitted(head) {
            case .health: return .reply(.success(try health()))
            case .handshake(let reply): return .reply(.success(reply))
            case .secret(let source, let tenant, let handed):
                return .reply(.success(try take(handed, head, source, tenant, now: WallClock.system.now())))
            case .webhook(let source, let tenant): return .read(source, tenant)
            }
        } catch {
            return .reply(.failure(error))
        }
    }

    func decide(_ head: RequestHead, _ source: Gateway.Source, _ tenant: TenantName?, body: Bytes, now: Timestamp)
        -> Result<Decision, Refusal>
    {
        do throws(Refusal) {
            guard body.count == head.contentLength else {
                throw .bodyIncomplete(expected: head.contentLength ?? 0, got: body.count)
            }
            if let handed = handed(in: body, head, source, tenant, now: now) {
                return .success(.reply(try take(handed, head, source, tenant, now: now)))
            }
            return .success(try decideWithCertificates(head, source, tenant, body: body, now: now))
        } catch {
            return .failure(error)
        }
    }

    /// Where a certificate is wanted that is not in memory, the store is asked for it, and then for the worker's help.
    private func decideWithCertificates(
        _ head: RequestHead, _ source: Gateway.Source, _ tenant: TenantName?, body: Bytes, now: Timestamp
    ) throws(Refusal) -> Decision {
        func decide(with held: CertificateStore) throws(Refusal) -> Decision {
            try gateway.decide(head, body: body, source: source, tenant: tenant, now: now, certificates: held)
        }
        guard source.hasCertificates else { return try decide(with: CertificateStore()) }
        let request = SignedRequest(method: head.method, url: head.url, headers: head.headers, body: body)
        do throws(Refusal) {
            return try decide(with: certificates.held(for: request, source.provider, now: now))
        } catch {
            guard case .notVerified(.certificateWanted(let url)) = error else { throw error }
            try checkSpace()
            let found: CertificateStore?
            do throws(StoreError) {
                found = try certificates.fetch(url, source.provider, from: head.remoteAddress, now: now)
            } catch {
                throw .storeFailed(error.description)
            }
            guard let found else { throw error }
            return try decide(with: found)
        }
    }

    /// Stores all posts in one transaction. Where the store refuses them together for what one of them is, each is tried by itself.
    func commit(_ posts: [[NewEvent]], now: Timestamp) -> [Result<[StoreOutcome], Refusal>] {
        guard !posts.isEmpty else { return [] }
        do throws(Refusal) {
            try checkSpace()
        } catch {
            return posts.map { _ in .failure(error) }
        }
        do throws(StoreError) {
            return try writer.commit(posts, now: now).map { .success($0) }
        } catch {
            guard error.isOfOneEvent, posts.count > 1 else { return posts.map { _ in .failure(.storeFailed(error.description)) } }
            return posts.flatMap { commit([$0], now: now) }
        }
    }

    private func health() throws(Refusal) -> Reply {
        try checkSpace()
        do throws(StoreError) {
            let now = WallClock.system.now()
            if lastPulse.isOver(now) { try writer.pulse(now: now) }
        } catch {
            lastPulse.forget()
            throw .storeFailed(error.description)
        }
        return .json(200, Bytes("{\"status\":\"ok\"}".utf8))
    }

    func checkSpace() throws(Refusal) {
        guard let free = store.freeBytes, free < freeSpaceFloor else { return }
        throw .noSpace(free: free, floor: freeSpaceFloor)
    }
}

/// Strangers may ask for our health as often as they like; it costs a commit once a second.
private final class LastPulse: Sendable {
    private let moment = Mutex<Timestamp?>(nil)

    /// True for who has to take the pulse now.
    func isOver(_ now: Timestamp) -> Bool {
        moment.withLock { last in
            if let last, last <= now, now < last + .seconds(1) { return false }
            last = now
            return true
        }
    }

    func forget() { moment.withLock { $0 = nil } }
}

extension StoreError {
    /// A constraint or a type that one event breaks, not the disk or a lock that all wait for (SQLITE_CONSTRAINT, _MISMATCH, _TOOBIG).
    fileprivate var isOfOneEvent: Bool {
        guard case .sql(let code, _, _) = self else { return false }
        return [18, 19, 20].contains(code & 0xFF)
    }
}
