import Foundation
import GRDB

enum AttemptSQL {
    /// ?1 push_key, ?2 at, ?3 verdict, ?4 http_status, ?5 cause, ?6 error, ?7 took_ms, ?8 request_id, ?9 answer.
    static let add = """
        INSERT INTO attempt (push_key, at, verdict, http_status, cause, error, took_ms, request_id, answer)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """

    /// ?1 push_key. Keeps the last twenty.
    static let prune = """
        DELETE FROM attempt WHERE push_key = ?1 AND id <=
            (SELECT id FROM attempt WHERE push_key = ?1 ORDER BY id DESC LIMIT 1 OFFSET 20)
        """

    /// ?1 push_key.
    static let list = "SELECT * FROM attempt WHERE push_key = ?1 ORDER BY id"

    /// ?1 seq.
    static let isThere = "SELECT EXISTS (SELECT 1 FROM webhook_event WHERE seq = ?1)"

    static let all = [add, prune, list, isThere]
}

/// One try of a push, as an operator looks back at it.
public struct Attempt: Sendable, Equatable {
    public let at: Timestamp
    /// `done`, `retry` or `dead`.
    public let verdict: String
    public let httpStatus: Int?
    public let cause: String?
    public let error: String?
    public let tookMilliseconds: Int?
    public let requestID: String?
    public let answer: String?
}

/// The request that verdicts come from.
public struct RequestTrace: Sendable {
    public let requestID: String
    public let tookMilliseconds: Int64
    /// The beginning of an answer that was nothing but a refusal, without secrets.
    public let answer: String?

    public init(requestID: String, tookMilliseconds: Int64, answer: String?) {
        self.requestID = requestID
        self.tookMilliseconds = tookMilliseconds
        self.answer = answer
    }

    /// Bytes of an answer that are kept.
    static let mostAnswer = 1024

    /// The first kibibyte of an answer. What we sent may be in it: secrets become `…`, also one that the cut would halve.
    public static func excerpt(of body: Bytes, without secrets: [Bytes]) -> String? {
        guard !body.isEmpty else { return nil }
        var text = String(decoding: body.prefix(8 * mostAnswer), as: UTF8.self)
        for secret in secrets.sorted(by: { $0.count > $1.count }) where secret.count >= 4 {
            text = text.replacingOccurrences(of: String(decoding: secret, as: UTF8.self), with: "…")
        }
        return String(decoding: Array(text.utf8.prefix(mostAnswer)), as: UTF8.self).replacingOccurrences(of: "\0", with: "")
    }
}

extension EventQueries {
    /// The tries of the push that an event belongs to, the first ones first.
    public func attempts(ofPush key: String) throws(StoreError) -> [Attempt] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: AttemptSQL.list), arguments: [key]).map { row in
                Attempt(
                    at: Timestamp(milliseconds: row["at"]), verdict: row["verdict"], httpStatus: row["http_status"], cause: row["cause"],
                    error: row["error"], tookMilliseconds: row["took_ms"], requestID: row["request_id"],
                    answer: store.vault.opened(answer: row["answer"], of: key, requestID: row["request_id"]))
            }
        }
    }
}

extension Attempt {
    /// Writes one down. A push that goes well at once leaves nothing: its job says all. Nor does one whose events were taken out while it was
    /// under way: nobody would ever take its tries out.
    static func add(_ verdict: Verdict, of push: ClaimedPush, _ trace: RequestTrace, now: Timestamp, _ vault: Vault, _ db: Database) throws
    {
        let made: (String, Int?, PushFailure?)? =
            switch verdict {
            case .done(let status): ("done", status, nil)
            case .retry(_, _, let failure): ("retry", failure.httpStatus, failure)
            case .dead(let failure): ("dead", failure.httpStatus, failure)
            case .kept: nil
            }
        guard let (word, status, failure) = made, failure != nil || push.attempts > 0 else { return }
        let isThere = try db.cachedStatement(sql: AttemptSQL.isThere)
        guard try push.events.contains(where: { try Bool.fetchOne(isThere, arguments: [$0.sequence]) == true }) else { return }
        try db.cachedStatement(sql: AttemptSQL.add).execute(arguments: [
            push.key, now.milliseconds, word, status, failure?.cause, failure?.text, trace.tookMilliseconds, trace.requestID,
            failure == nil ? nil : try vault.sealed(answer: trace.answer, of: push.key, requestID: trace.requestID),
        ])
        try db.cachedStatement(sql: AttemptSQL.prune).execute(arguments: [push.key])
    }
}
