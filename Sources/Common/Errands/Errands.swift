import GRDB

/// The errands in the store.
public struct Errands: Sendable {
    /// Certificates of one source that may wait at one time.
    static let mostWaiting = 32
    /// Of these, and of failed ones still remembered, what one network may have named. A stranger who names a thousand URLs below the
    /// provider's own host has four fetched, and leaves the rest of the room to others.
    static let mostOfOneNetwork = 4
    /// Failed and cached certificates of one source that are kept.
    static let mostFailed = 64
    static let mostKept = 64
    /// Confirmations long done.
    private static let confirmationsKept: Duration = .seconds(30 * 86_400)

    private let store: Store

    public init(store: Store) { self.store = store }

    // MARK: Ingest

    public enum Certificate: Sendable, Equatable {
        case pem(String)
        /// It waits for the worker, or has failed lately.
        case asked
        case unknown
    }

    public func certificate(at url: String, of source: SourceName) throws(StoreError) -> Certificate {
        try store.read { db in
            let row = try Row.fetchOne(
                db.cachedStatement(sql: ErrandSQL.certificate), arguments: [source.description, url])
            guard let row else { return .unknown }
            return (row["body"] as String?).map { .pem($0) } ?? .asked
        }
    }

    /// What is at hand for a request; empty for schemes without certificates.
    public func certificates(
        for request: SignedRequest, of provider: Provider, trusting anchors: TrustAnchors, now: Timestamp
    ) throws(StoreError) -> CertificateStore {
        guard let scheme = provider.certificateScheme, let rule = provider.certificateRule,
            let url = try? CertificateStore.address(for: scheme, in: request),
            case .pem(let pem) = try certificate(at: url, of: provider.source)
        else { return CertificateStore() }
        return CertificateStore(byURL: [url: pem], anchors: rule.narrow(anchors, to: pem, now: now))
    }

    /// Has a certificate fetched, if there is room for one more wish.
    /// - Parameter network: of the sender, see `Network`.
    /// - Returns: whether it was written down.
    public func want(certificateAt url: String, of source: SourceName, by network: String?, now: Timestamp) throws(StoreError) -> Bool {
        guard Catalogue.provider(for: source)?.certificateRule?.owns(certificateAt: url) == true else { return false }
        return try store.write { db in
            let demand = try Row.fetchOne(db.cachedStatement(sql: ErrandSQL.demand), arguments: [source.description, network])
            guard let demand, demand["waiting"] < Self.mostWaiting, demand["own"] < Self.mostOfOneNetwork else { return false }
            try db.cachedStatement(sql: ErrandSQL.wantCertificate)
                .execute(arguments: [url, source.description, network, now.milliseconds])
            return db.changesCount == 1
        }
    }

    // MARK: The worker

    /// Takes what is due, until then nobody else's. Forgets what is over.
    public func claim(most: Int, until: Timestamp, now: Timestamp) throws(StoreError) -> [Errand] {
        let isAnyDue = try store.read { db in
            try Bool.fetchOne(db.cachedStatement(sql: ErrandSQL.isAnyDue), arguments: [now.milliseconds]) ?? false
        }
        guard isAnyDue else { return [] }
        return try store.write { db in
            let old = now + .milliseconds(-Self.confirmationsKept.milliseconds)
            try db.cachedStatement(sql: ErrandSQL.forget).execute(arguments: [now.milliseconds, old.milliseconds])
            return try Row.fetchAll(
                db.cachedStatement(sql: ErrandSQL.claim), arguments: [now.milliseconds, until.milliseconds, most]
            ).compactMap(Errand.init(row:)).sorted { $0.id < $1.id }
        }
    }

    public func settle(_ verdicts: [(id: Int64, verdict: ErrandVerdict)], now: Timestamp) throws(StoreError) {
        guard !verdicts.isEmpty else { return }
        try store.write { db in
            for (id, verdict) in verdicts { try Self.settle(id, verdict, now, db) }
            try db.cachedStatement(sql: ErrandSQL.trim).execute(arguments: [Self.mostFailed, Self.mostKept])
        }
    }

    private static func settle(_ id: Int64, _ verdict: ErrandVerdict, _ now: Timestamp, _ db: Database) throws {
        switch verdict {
        case .certificate(let pem, let expires, let due, let status):
            try db.cachedStatement(sql: ErrandSQL.fetched)
                .execute(arguments: [id, pem, expires.milliseconds, due.milliseconds, status, now.milliseconds])
        case .confirmed(let status):
            try db.cachedStatement(sql: ErrandSQL.confirmed).execute(arguments: [id, status, now.milliseconds])
        case .retry(let due, let status, let error):
            try db.cachedStatement(sql: ErrandSQL.retry).execute(arguments: [id, due.milliseconds, status, error])
        case .failed(let forgottenAt, let status, let error):
            try db.cachedStatement(sql: ErrandSQL.fail).execute(arguments: [id, forgottenAt.milliseconds, status, error])
        }
    }
}

extension Errand {
    /// Nil for a source that this version does not know.
    fileprivate init?(row: Row) {
        guard let kind = Kind(rawValue: row["kind"]), let status = Status(rawValue: row["status"]),
            let source = SourceName(row["source"] as String)
        else { return nil }
        self.init(
            id: row["id"], kind: kind, url: row["url"], source: source, status: status,
            wantedAt: Timestamp(milliseconds: row["wanted_at"]), attempts: row["attempts"])
    }
}
