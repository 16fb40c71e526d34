import GRDB

/// Which states of which objects of one source and tenant have come, read from the events themselves. For providers whose API lists
/// objects; see `ObjectState`.
public struct KnownStates: Sendable {
    /// Rows in one read: nobody waits for a reader, but a long one keeps the write-ahead log from being taken in.
    private static let step = 2000
    /// Two clocks of one provider that mean the same moment.
    private static let tolerance: Int64 = 1000

    private let provider: Provider
    private let tenant: TenantName
    private var last: Int64
    private var moments: [String: [Int64]] = [:]
    /// Events whose payload is gone (retention) or cannot be opened, so that nobody knows what they brought.
    public private(set) var unreadable = 0

    /// - Parameter since: events that came before it are not looked at.
    public init(_ provider: Provider, tenant: TenantName, since: Timestamp) {
        self.provider = provider
        self.tenant = tenant
        last = EventQueries.firstSequence(at: since) - 1
    }

    /// Reads on to the newest event.
    public mutating func readOn(_ store: Store) throws(StoreError) {
        while true {
            var copy = self
            let count = try store.read { try copy.step($0, store.vault) }
            self = copy
            if count < Self.step { return }
        }
    }

    /// The same within a transaction that is about to write, so that nothing comes between.
    mutating func readOn(_ db: Database, _ vault: Vault) throws {
        while try step(db, vault) == Self.step {}
    }

    private mutating func step(_ db: Database, _ vault: Vault) throws -> Int {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: BackfillSQL.arrivals),
            arguments: [last, provider.source.description, tenant.description, Self.step])
        var count = 0
        while let row = try rows.next() {
            count += 1
            last = row["seq"]
            guard row["headers"] != nil, !(row["is_remembered"] as Bool) else { continue }
            func bytes(_ column: String) throws -> Bytes { try row.withUnsafeData(named: column) { Bytes($0 ?? .init()) } }
            let opened = Result { () throws in
                try vault.opened(
                    headers: bytes("headers"), body: bytes("raw_body"), sequence: last, source: provider.source.description,
                    tenant: tenant.description)
            }
            // A payload that cannot be opened says as little as one that is gone.
            let (headers, body) = (try? opened.get()) ?? ([], [])
            note(headers, body)
        }
        return count
    }

    private mutating func note(_ headers: Bytes, _ body: Bytes) {
        guard !body.isEmpty else { return unreadable += 1 }
        let headers = HeaderFields(json: headers)
        guard let event = try? provider.stored(body, headers: headers), let state = provider.state(of: event, headers: headers) else {
            return
        }
        moments[state.subject, default: []].append(state.moment.milliseconds)
        if state.property == nil, state.isCreation {
            moments["\(state.kind)|\(state.object)", default: []].append(state.moment.milliseconds)
        }
    }

    /// Whether anything was heard of the object.
    public func knows(_ state: ObjectState) -> Bool {
        moments["\(state.kind)|\(state.object)"] != nil || moments[ObjectState.creation(of: state.kind, state.object)] != nil
    }

    /// Whether an event has brought this state, or a later one of the object.
    public func has(_ state: ObjectState) -> Bool {
        if state.isCreation { return knows(state) }
        guard let known = moments[state.subject] else { return false }
        let moment = state.moment.milliseconds
        // Of a property each change counts for itself.
        return known.contains { state.property == nil ? $0 >= moment : abs($0 - moment) <= Self.tolerance }
    }
}
