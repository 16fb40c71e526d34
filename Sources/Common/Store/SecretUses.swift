import GRDB
import Synchronization

/// Which secret verified last, and since when each is known. Says nothing of the secrets but their fingerprints.
public struct SecretUse: Sendable, Hashable {
    public struct Key: Sendable, Hashable {
        public let source: String
        public let tenant: String
        public let fingerprint: String

        public init(source: String, tenant: String, fingerprint: String) {
            self.source = source
            self.tenant = tenant
            self.fingerprint = fingerprint
        }
    }

    public let key: Key
    /// When ingest first read it.
    public let knownSince: Timestamp
    /// To the minute; nil: never.
    public let lastVerified: Timestamp?
}

enum SecretSQL {
    /// ?1 source, ?2 tenant, ?3 fingerprint, ?4 now.
    static let know = """
        INSERT INTO secret_use (source, tenant, fingerprint, known_since) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (source, tenant, fingerprint) DO NOTHING
        """

    /// ?1 source, ?2 tenant, ?3 fingerprint, ?4 now. A clock that went back takes nothing back.
    static let verified = """
        INSERT INTO secret_use (source, tenant, fingerprint, known_since, last_verified_at) VALUES (?1, ?2, ?3, ?4, ?4)
        ON CONFLICT (source, tenant, fingerprint) DO UPDATE
        SET last_verified_at = max(coalesce(last_verified_at, 0), excluded.last_verified_at)
        """

    static let list = "SELECT source, tenant, fingerprint, known_since, last_verified_at FROM secret_use"

    static let all = [know, verified, list]
}

extension Store {
    /// Writes down that these secrets are there; those known before keep their time.
    public func know(_ secrets: [SecretUse.Key], now: Timestamp) throws(StoreError) {
        try write { db in
            for key in secrets {
                try db.cachedStatement(sql: SecretSQL.know)
                    .execute(arguments: [key.source, key.tenant, key.fingerprint, now.milliseconds])
            }
        }
    }

    public func secretUses() throws(StoreError) -> [SecretUse.Key: SecretUse] {
        try read { db in
            let uses = try Row.fetchAll(db, sql: SecretSQL.list).map { row in
                SecretUse(
                    key: .init(source: row["source"], tenant: row["tenant"], fingerprint: row["fingerprint"]),
                    knownSince: Timestamp(milliseconds: row["known_since"]),
                    lastVerified: (row["last_verified_at"] as Int64?).map(Timestamp.init(milliseconds:)))
            }
            return Dictionary(uses.map { ($0.key, $0) }) { first, _ in first }
        }
    }
}

extension Settings {
    /// Every secret of a provider, as it is written down.
    public var secretKeys: [SecretUse.Key] {
        sources.flatMap { name, source in
            source.secrets.flatMap { tenant, secrets in
                secrets.map { .init(source: name.description, tenant: tenant.description, fingerprint: $0.fingerprint) }
            }
        }
    }
}

/// Which uses are worth a write: of each secret one a minute.
final class SecretUseClock: Sendable {
    private let noted = Mutex<[SecretUse.Key: Timestamp]>([:])

    /// True for who has to write it down now.
    func isDue(_ key: SecretUse.Key, now: Timestamp) -> Bool {
        noted.withLock { noted in
            if let last = noted[key], last <= now, now < last + .seconds(60) { return false }
            noted[key] = now
            return true
        }
    }

    /// The transaction failed: what it was to write is not written.
    func forget() { noted.withLock { $0 = [:] } }
}
