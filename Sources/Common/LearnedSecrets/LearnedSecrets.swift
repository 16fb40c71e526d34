import Foundation
import GRDB

/// The learned secrets in the store. They are as well kept as the raw bodies beside them: sealed where those are.
public struct LearnedSecrets: Sendable {
    /// Of one source and tenant: each is tried against every request.
    public static let most = 64

    private let store: Store

    public init(store: Store) { self.store = store }

    public func load(now: Timestamp) throws(StoreError) -> Learned {
        try store.read { db in
            var learned = Learned()
            learned.secrets = try Row.fetchAll(db.cachedStatement(sql: LearnedSecretSQL.secrets)).compactMap {
                try LearnedSecret(row: $0, store.vault)
            }
            learned.windows = try Row.fetchAll(db.cachedStatement(sql: LearnedSecretSQL.windows), arguments: [now.milliseconds])
                .compactMap(LearningWindow.init(row:))
            return learned
        }
    }

    /// Waits for one secret until then. A window that is open already is moved.
    /// - Returns: false where the tenant has as many as it may.
    public func open(_ source: SourceName, _ tenant: TenantName, until: Timestamp, now: Timestamp) throws(StoreError) -> Bool {
        try store.write { db in
            let count = try Int.fetchOne(
                db.cachedStatement(sql: LearnedSecretSQL.count), arguments: [source.description, tenant.description])
            guard count ?? 0 < Self.most else { return false }
            try db.cachedStatement(sql: LearnedSecretSQL.open)
                .execute(arguments: [source.description, tenant.description, now.milliseconds, until.milliseconds])
            return true
        }
    }

    /// Whether there was one.
    public func close(_ source: SourceName, _ tenant: TenantName) throws(StoreError) -> Bool {
        try store.write { db in
            try db.cachedStatement(sql: LearnedSecretSQL.close).execute(arguments: [source.description, tenant.description])
            return db.changesCount == 1
        }
    }

    /// Keeps the secret if a window is open, and closes that: exactly one a window. On disk when this returns.
    /// - Returns: whether it is ours now.
    public func learn(
        _ secret: Secret, _ source: SourceName, _ tenant: TenantName, from sourceIP: String?, now: Timestamp
    ) throws(StoreError) -> Bool {
        try store.write { db in
            try db.cachedStatement(sql: LearnedSecretSQL.take)
                .execute(arguments: [source.description, tenant.description, now.milliseconds])
            guard db.changesCount == 1 else { return false }
            let (kept, sealed) = try store.vault.kept(secret, source: source.description, tenant: tenant.description)
            try db.cachedStatement(sql: LearnedSecretSQL.learn).execute(
                arguments: [source.description, tenant.description, kept, now.milliseconds, sourceIP, sealed])
            return true
        }
    }

    /// Whether there was one.
    public func forget(_ id: Int64) throws(StoreError) -> Bool {
        try store.write { db in
            try db.cachedStatement(sql: LearnedSecretSQL.forget).execute(arguments: [id])
            return db.changesCount == 1
        }
    }
}

extension LearnedSecret {
    /// Nil for names that this version would not write.
    fileprivate init?(row: Row, _ vault: Vault) throws {
        guard let source = SourceName(row["source"] as String), let tenant = TenantName(row["tenant"] as String) else { return nil }
        let secret = try (row["sealed"] as Data?).map {
            try vault.open(Bytes($0), at: .learnedSecret(source: source.description, tenant: tenant.description))
        }
        self.init(
            id: row["id"], source: source, tenant: tenant, secret: Secret(secret ?? Bytes(row["secret"] as Data)),
            learnedAt: Timestamp(milliseconds: row["learned_at"]), sourceIP: row["source_ip"])
    }
}

extension LearningWindow {
    fileprivate init?(row: Row) {
        guard let source = SourceName(row["source"] as String), let tenant = TenantName(row["tenant"] as String) else { return nil }
        self.init(source: source, tenant: tenant, closesAt: Timestamp(milliseconds: row["closes_at"]))
    }
}
