import Foundation
import GRDB
import Synchronization

/// Puts verified events into the store, many in one transaction and one fsync.
public final class EventWriter: Sendable {
    let store: Store
    let uses = SecretUseClock()
    private let untallied = Mutex<Untallied?>(nil)
    /// What is counted of requests that store nothing.
    public let pending = PendingCounters()

    /// Nil where nothing is traced.
    public let timings: PendingTimings?

    public init(store: Store, timings: PendingTimings? = nil) {
        self.store = store
        self.timings = timings
    }

    /// Writes a row as durably as an event, and throws as that would.
    public func pulse(now: Timestamp) throws(StoreError) {
        try store.write { try $0.cachedStatement(sql: EventSQL.pulse).execute(arguments: [now.milliseconds]) }
    }

    /// Stores every post's events, or none of any: when this returns, they are on disk.
    ///
    /// Events of one post that repeat each other, or repeat one of an earlier post in the same call, are duplicates too.
    /// - Parameter posts: each a request's events.
    public func commit(_ posts: [[NewEvent]], now: Timestamp) throws(StoreError) -> [[StoreOutcome]] {
        try transaction(now: now) { db, batch in
            let outcomes = try posts.map { try $0.map { try batch.put($0) } }
            try noteSecrets(of: posts, now: now, db)
            return outcomes
        }
    }

    /// One transaction of ingest's, with its counts.
    /// - Parameter waiting: false: fails soon where another holds the lock.
    func transaction<Value>(
        waiting: Bool = true, now: Timestamp, _ body: (Database, inout EventBatch) throws -> Value
    ) throws(StoreError) -> Value {
        var counted = Counters()
        var left: Untallied?
        do throws(StoreError) {
            let value = try store.write(waiting: waiting) { db in
                var batch = try EventBatch(db, store.vault, now: now, untallied: untallied.withLock { $0.take() })
                let value = try body(db, &batch)
                if Watching.isOn { (left, counted) = try count(batch, now: now, db) }
                FailurePoint.beforeCommit.hit()
                return value
            }
            untallied.withLock { $0 = left }
            FailurePoint.afterCommit.hit()
            return value
        } catch {
            uses.forget()
            pending.add(counted)
            throw error
        }
    }

    /// Writes down which secrets have verified these, each once a minute.
    func noteSecrets(of posts: [[NewEvent]], now: Timestamp, _ db: Database) throws {
        var last: NewEvent?
        for post in posts {
            guard let event = post.first else { continue }
            // One after another mostly has the same.
            if let last, last.secret == event.secret, last.tenant == event.tenant, last.source == event.source { continue }
            last = event
            // Of a source that has no secrets it says all the same when it sent last.
            let fingerprint = event.secret ?? "none"
            let key = SecretUse.Key(source: event.source.description, tenant: event.tenant.description, fingerprint: fingerprint)
            guard uses.isDue(key, now: now) else { continue }
            try db.cachedStatement(sql: SecretSQL.verified)
                .execute(arguments: [key.source, key.tenant, key.fingerprint, now.milliseconds])
        }
    }
}

/// One transaction's worth of events.
struct EventBatch {
    private let db: Database
    let vault: Vault
    private let now: Timestamp
    private let insert, byKey, enqueue, byNonce, claimNonce, byState: RawStatement
    var generator = EntropyPool()
    /// Begun anew under each transaction's write lock: other processes give out ids too.
    var ids: EventIDSource
    /// Of what did not come by webhook, or is gone.
    var tally = Tally()
    /// Of what came by webhook; nil where only the rows say it.
    var untallied: Untallied?
    private(set) var isEmpty = true
    /// With rejected requests among its rows, of which `untallied` knows nothing: the next transaction would have to read the rows.
    var leavesNothing = false

    /// - Parameter untallied: what the transactions before left.
    init(_ db: Database, _ vault: Vault, now: Timestamp, untallied: consuming Untallied? = nil) throws {
        self.db = db
        self.vault = vault
        self.now = now
        try vault.sealWhereTheStoreIs(db)
        let arena = BindingArena()
        insert = try RawStatement(EventSQL.insert, in: db, arena)
        byKey = try RawStatement(EventSQL.byKey, in: db, arena)
        enqueue = try RawStatement(EventSQL.enqueue, in: db, arena)
        byNonce = try RawStatement(EventSQL.byNonce, in: db, arena)
        claimNonce = try RawStatement(EventSQL.claimNonce, in: db, arena)
        byState = try RawStatement(BackfillSQL.byState, in: db, arena)
        let (last, mark) = try RawStatement(EventSQL.lastSequence, in: db, arena).pair(db) ?? (0, 0)
        ids = EventIDSource(after: last)
        self.untallied = last == mark ? Untallied(mark: mark) : untallied?.isAll(behind: mark, last: last) == true ? untallied : nil
    }

    mutating func put(_ event: NewEvent) throws -> StoreOutcome {
        if let nonce = event.nonce {
            byNonce.bind(blob: nonce, at: 1)
            if let known = try byNonce.run(db) { return .duplicate(known) }
        }
        if let state = event.state {
            byState.bind(blob: state, at: 1)
            if let known = try byState.run(db) { return .duplicate(known) }
        }
        let id = ids.next(now: now, entropy: generator.next())
        let status: EventStatus = event.reading.route == .keep ? .received : .queued
        let columns = try vault.columns(
            lane: event.reading.lane, headers: event.headers, body: event.rawBody, sequence: id.sequence,
            source: event.source.description, tenant: event.tenant.description)
        guard try insertRow(event, columns, id: id, status: status) else {
            byKey.bind(text: event.idempotencyKeyText, at: 1)
            return .duplicate(try byKey.run(db) ?? "")
        }
        if status == .queued { try enqueueJob(for: event, lane: columns.lane, id: id) }
        if let nonce = event.nonce {
            claimNonce.bind(blob: nonce, at: 1)
            claimNonce.bind(id.sequence, at: 2)
            claimNonce.bind(event.receivedAt.milliseconds, at: 3)
            try claimNonce.run(db)
        }
        if let original = event.original { try keep(original, of: event, id: id) }
        if let errand = NewErrand(confirming: event) { try errand.write(for: event, now: now, db) }
        isEmpty = false
        untallied?.last = id.sequence
        if event.createdBy == NewEvent.byWebhook {
            untallied?.add(tenant: event.tenant.description, source: event.source.description, status: status)
        } else {
            tally.add(1, tenant: event.tenant.description, source: event.source.description, status: status)
        }
        return .stored(id)
    }

    /// Tallies what came by webhook, unless it is few and may wait.
    /// - Returns: what waits; nil where that is nothing.
    func tallyArrivals(all: Bool) throws -> Untallied? {
        guard let untallied else {
            try Untallied.tallyRows(db)
            return nil
        }
        guard all || leavesNothing || untallied.areMany else { return untallied }
        try untallied.write(db)
        return nil
    }

    /// Of a program that is not ingest: nothing is left behind the mark, or who reads counts would look through all that it stores.
    func tallyAll(at now: Timestamp) throws {
        try tally.write(db, at: now, areArrivals: true)
        if !isEmpty { try Untallied.tallyRows(db) }
    }

    /// In plain it is never kept.
    private func keep(_ original: NewEvent.Original, of event: NewEvent, id: EventID) throws {
        guard vault.isSealing else { return }
        let sealed = try vault.sealAlways([original.body], at: .original(id.sequence, tenant: event.tenant.description))
        try db.cachedStatement(sql: OriginalSQL.keep).execute(arguments: [id.sequence, original.until.milliseconds, Data(sealed)])
    }

    /// False where the idempotency key is taken.
    private func insertRow(_ event: NewEvent, _ columns: SealedColumns, id: EventID, status: EventStatus) throws -> Bool {
        insert.bind(id.sequence, at: 1)
        insert.bind(id.description, at: 2)
        insert.bind(event.source.description, at: 3)
        insert.bind(event.tenant.description, at: 4)
        insert.bind(event.reading.eventType, at: 5)
        insert.bind(event.receivedAt.milliseconds, at: 6)
        insert.bind(event.reading.occurredAt?.milliseconds, at: 7)
        insert.bind(status.rawValue, at: 8)
        insert.bind(text: event.idempotencyKeyText, at: 9)
        insert.bind(event.reading.route.rawValue, at: 10)
        insert.bind(columns.lane, at: 11)
        insert.bind(event.sourceIP, at: 12)
        insert.bind(event.userAgent, at: 13)
        insert.bind(event.createdBy, at: 14)
        insert.bind(event.requestID, at: 15)
        insert.bind(event.traceparent, at: 16)
        insert.bind(text: columns.headers, at: 17)
        insert.bind(blob: columns.body, at: 18)
        insert.bind(event.secret, at: 19)
        try insert.run(db)
        return insert.changes == 1
    }

    private mutating func enqueueJob(for event: NewEvent, lane: String?, id: EventID) throws {
        enqueue.bind(id.sequence, at: 1)
        enqueue.bind(EventID(sequence: id.sequence, entropy: generator.next()).description, at: 2)
        enqueue.bind(id.description, at: 3)
        enqueue.bind(event.reading.route.rawValue, at: 4)
        enqueue.bind(event.tenant.description, at: 5)
        enqueue.bind(lane, at: 6)
        enqueue.bind(event.receivedAt.milliseconds, at: 7)
        try enqueue.run(db)
    }
}
