import Foundation
import GRDB

/// One of the tables that hold sealed values, as a rotation goes through it: rows in order of their number.
struct RotationPart: Sendable {
    let name: String
    /// ?1 behind this row, ?2 most rows. `id` and what the rest needs.
    let look: String
    /// ?1 the row. Everything of it.
    let read: String
    /// Whether the value is what it is to be, seen from `look`'s row.
    let keyID: @Sendable (Row) -> String?
    /// Writes the row of `read` anew. False: nothing to do.
    let move: @Sendable (Row, Vault, _ seals: Bool, Database) throws -> Bool

    static let all = [events, rejections, mirrored, originals, answers, secrets]
    static var allSQL: [String] { all.flatMap { [$0.look, $0.read] } + RotationSQL.all }
}

enum RotationSQL {
    /// ?1 seq, ?2 headers, ?3 raw_body, ?4 lane.
    static let event = "UPDATE webhook_event SET headers = ?2, raw_body = ?3, lane = ?4 WHERE seq = ?1"
    /// ?1 event_seq, ?2 url, ?3 head.
    static let rejection = "UPDATE rejection SET url = ?2, head = ?3 WHERE event_seq = ?1"
    /// ?1 event_seq, ?2 payload.
    static let mirror = "UPDATE mirror SET payload = ?2 WHERE event_seq = ?1"
    /// ?1 id, ?2 answer.
    static let answer = "UPDATE attempt SET answer = ?2 WHERE id = ?1"
    /// ?1 id, ?2 secret or its hash, ?3 sealed.
    static let secret = "UPDATE learned_secret SET secret = ?2, sealed = ?3 WHERE id = ?1"
    /// ?1 part, ?2 target, ?3 last.
    static let keep = """
        INSERT INTO rotation (part, target, last) VALUES (?1, ?2, ?3)
        ON CONFLICT (part) DO UPDATE SET target = excluded.target, last = excluded.last
        """
    /// ?1 part, ?2 target.
    static let last = "SELECT last FROM rotation WHERE part = ?1 AND target = ?2"
    static let forget = "DELETE FROM rotation"
    /// ?1 event_seq. Whether its lane's name counts yet.
    static let isOpen = "SELECT 1 FROM job_execution WHERE event_seq = ?1 AND finished_at IS NULL"

    static let all = [event, rejection, mirror, answer, secret, keep, last, forget, isOpen]
}

extension RotationPart {
    /// Nil for a plain value; `headers` stands before the body in the row, so that a look reads no body.
    private static func mark(_ row: Row) -> String? { SealedValue.keyID(inMark: Bytes((row["mark"] as String? ?? "").utf8)) }

    private static func value(_ row: Row) -> String? { (row["value"] as Data?).flatMap { SealedValue.keyID(of: Bytes($0)) } }

    private static let events = RotationPart(
        name: "events",
        look: """
            SELECT seq AS id, CASE WHEN headers LIKE 'sealed:%' THEN headers END AS mark, length(raw_body) = 0 AS is_empty
            FROM webhook_event WHERE seq > ?1 ORDER BY seq LIMIT ?2
            """,
        read: "SELECT seq, source, tenant, lane, headers, raw_body FROM webhook_event WHERE seq = ?1", keyID: mark
    ) { row, vault, seals, db in
        let (sequence, source, tenant): (Int64, String, String) = (row["seq"], row["source"], row["tenant"])
        let stored = (headers: Bytes((row["headers"] as String).utf8), body: Bytes(row["raw_body"] as Data))
        // Purged: nothing is left to seal.
        if stored.body.isEmpty { return false }
        let plain = try vault.opened(headers: stored.headers, body: stored.body, sequence: sequence, source: source, tenant: tenant)
        var lane: String? = row["lane"]
        let isOpen = try Int.fetchOne(db.cachedStatement(sql: RotationSQL.isOpen), arguments: [sequence]) != nil
        if seals, !isOpen, lane != vault.lane(lane, tenant: tenant) {
            lane = vault.lane(lane, tenant: tenant)
            try db.cachedStatement(sql: SealingSQL.renameJob).execute(arguments: [sequence, lane])
        }
        var columns = SealedColumns(lane: lane, headers: plain.headers, body: plain.body)
        if seals {
            columns = try vault.sealedColumns(
                lane: nil, headers: plain.headers, body: plain.body, sequence: sequence, source: source, tenant: tenant)
        }
        try db.cachedStatement(sql: RotationSQL.event)
            .execute(arguments: [sequence, String(decoding: columns.headers, as: UTF8.self), Data(columns.body), lane])
        return true
    }

    private static let rejections = RotationPart(
        name: "rejected",
        look: "SELECT event_seq AS id, substr(head, 1, 80) AS value FROM rejection WHERE event_seq > ?1 ORDER BY event_seq LIMIT ?2",
        read: "SELECT event_seq, url, head FROM rejection WHERE event_seq = ?1", keyID: value
    ) { row, vault, seals, db in
        let sequence: Int64 = row["event_seq"]
        let (url, head) = try vault.openedHead(url: row["url"], Bytes(row["head"] as Data), sequence: sequence)
        let kept = seals ? try vault.sealedHeadAlways(url: url, head, sequence: sequence) : (url, head)
        try db.cachedStatement(sql: RotationSQL.rejection).execute(arguments: [sequence, kept.0, Data(kept.1)])
        return true
    }

    private static let mirrored = RotationPart(
        name: "mirrored",
        look: """
            SELECT event_seq AS id, substr(payload, 1, 80) AS value FROM mirror
            WHERE event_seq > ?1 AND payload IS NOT NULL ORDER BY event_seq LIMIT ?2
            """,
        read: """
            SELECT m.event_seq, m.push_key, m.payload, e.tenant FROM mirror m JOIN webhook_event e ON e.seq = m.event_seq
            WHERE m.event_seq = ?1 AND m.payload IS NOT NULL
            """, keyID: value
    ) { row, vault, seals, db in
        let place = SealPlace.mirror(push: row["push_key"], tenant: row["tenant"])
        let plain = try vault.open(Bytes(row["payload"] as Data), at: place)
        let kept = seals ? try vault.sealAlways([plain], at: place) : plain
        try db.cachedStatement(sql: RotationSQL.mirror).execute(arguments: [row["event_seq"] as Int64, Data(kept)])
        return true
    }

    /// Never plain: without encryption they are not kept.
    private static let originals = RotationPart(
        name: "originals",
        look: "SELECT event_seq AS id, substr(body, 1, 80) AS value FROM original WHERE event_seq > ?1 ORDER BY event_seq LIMIT ?2",
        read: "SELECT o.event_seq, o.body, e.tenant FROM original o JOIN webhook_event e ON e.seq = o.event_seq WHERE o.event_seq = ?1",
        keyID: value
    ) { row, vault, seals, db in
        let sequence: Int64 = row["event_seq"]
        guard seals else {
            try db.cachedStatement(sql: OriginalSQL.forget).execute(arguments: [sequence])
            return true
        }
        let place = SealPlace.original(sequence, tenant: row["tenant"])
        let sealed = try vault.sealAlways([vault.open(Bytes(row["body"] as Data), at: place)], at: place)
        try db.cachedStatement(sql: OriginalSQL.write).execute(arguments: [sequence, Data(sealed)])
        return true
    }

    private static let answers = RotationPart(
        name: "answers",
        look: "SELECT id, substr(answer, 1, 200) AS mark FROM attempt WHERE id > ?1 AND answer IS NOT NULL ORDER BY id LIMIT ?2",
        read: "SELECT id, push_key, request_id, answer FROM attempt WHERE id = ?1 AND answer IS NOT NULL",
        keyID: { SealedValue.keyID(inAnswer: $0["mark"] as String? ?? "") }
    ) { row, vault, seals, db in
        let (push, request): (String, String?) = (row["push_key"], row["request_id"])
        let plain = try vault.plain(answer: row["answer"], of: push, requestID: request)
        let kept = seals ? try vault.sealedAlways(answer: plain, of: push, requestID: request) : plain
        try db.cachedStatement(sql: RotationSQL.answer).execute(arguments: [row["id"] as Int64, kept])
        return true
    }

    private static let secrets = RotationPart(
        name: "learned secrets", look: "SELECT id, sealed AS value FROM learned_secret WHERE id > ?1 ORDER BY id LIMIT ?2",
        read: "SELECT id, source, tenant, secret, sealed FROM learned_secret WHERE id = ?1", keyID: value
    ) { row, vault, seals, db in
        let place = SealPlace.learnedSecret(source: row["source"], tenant: row["tenant"])
        let plain = try (row["sealed"] as Data?).map { try vault.open(Bytes($0), at: place) } ?? Bytes(row["secret"] as Data)
        let hash = seals ? vault.hash(of: plain) : nil
        let sealed = hash == nil ? nil : Data(try vault.sealAlways([plain], at: place))
        try db.cachedStatement(sql: RotationSQL.secret).execute(arguments: [row["id"] as Int64, Data(hash ?? plain), sealed])
        return true
    }
}
