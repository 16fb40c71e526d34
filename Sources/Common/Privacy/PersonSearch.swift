import Foundation
import GRDB

enum PersonSQL {
    /// ?1 behind this event, ?2 tenant, ?3 source; NULL: any; ?4 most rows to look at. Rejected requests among them.
    static let look = """
        SELECT * FROM (
            SELECT e.seq, e.id, e.source, e.tenant, e.event_type, e.lane, e.headers, e.raw_body, e.signature_valid, o.body AS original
            FROM webhook_event e LEFT JOIN original o ON o.event_seq = e.seq WHERE e.seq > ?1 ORDER BY e.seq LIMIT ?4)
        """

    static let all = [look]
}

/// Finds everything that the store holds of one person. Looks at every event, some at a time.
public struct PersonSearch: Sendable {
    public struct Hit: Sendable, Equatable {
        public let sequence: Int64
        public let id: String
        public let isRejected: Bool
        /// As the payload has them.
        public let emails: Set<String>
        /// Digests of the states that it brought, where that is what a backfill goes by.
        public var states: [Bytes] = []
    }

    public struct Result: Sendable {
        public internal(set) var hits: [Hit] = []
        public internal(set) var looked = 0
        /// Their key is missing, or they were tampered with: nobody knows whose they are.
        public internal(set) var unreadable = 0
        /// The hashed addresses that stand for the one that was asked for: WordPress knows the person by them.
        public internal(set) var standIns: Set<String> = []
    }

    private static let step = 200
    private let store: Store
    private let providers: Providers

    public init(store: Store, providers: Providers) {
        self.store = store
        self.providers = providers
    }

    public func find(_ person: Person, tenant: TenantName? = nil, _ report: (Result) -> Void = { _ in }) throws(StoreError) -> Result {
        var result = Result()
        var last: Int64 = 0
        while true {
            let rows = try store.read { try Row.fetchAll($0.cachedStatement(sql: PersonSQL.look), arguments: [last, nil, nil, Self.step]) }
            guard let end = rows.last else { return result }
            last = end["seq"]
            // Not until nothing comes any more: on a busy gateway that would be never.
            let isOver = rows.count < Self.step
            result.looked += rows.count
            for row in rows where tenant == nil || tenant?.description == row["tenant"] { look(at: row, for: person, &result) }
            report(result)
            if isOver { return result }
        }
    }

    private func look(at row: Row, for person: Person, _ result: inout Result) {
        let (sequence, source, tenant): (Int64, String, String) = (row["seq"], row["source"], row["tenant"])
        let isRejected = !(row["signature_valid"] as Bool)
        let opened = try? store.vault.opened(
            headers: Bytes((row["headers"] as String).utf8), body: Bytes(row["raw_body"] as Data), sequence: sequence, source: source,
            tenant: tenant)
        if opened == nil { result.unreadable += 1 }
        let value = opened.flatMap { self.value($0.body, $0.headers, source) }
        let names = Person.Names(person, tenant: tenant, store.vault)
        let lane: String? = row["lane"]
        let isInLane = person.lanes(source: source, names).contains {
            $0 == lane || lane != nil && store.vault.lane($0, tenant: tenant) == lane
        }
        let original = (row["original"] as Data?).flatMap {
            try? store.vault.open(Bytes($0), at: .original(sequence, tenant: tenant))
        }
        let isNamed =
            value.map { person.isNamed(in: $0, names) } ?? opened.map { person.isNamed(in: $0.body, names) } ?? false
            || opened.map { person.isNamed(in: $0.headers, names) } ?? false || original.map { person.isNamed(in: $0, names) } ?? false
            || isRejected && isInHead(sequence, person, names)
        guard isInLane || isNamed || value.map({ isActor(person, of: $0, source, row["event_type"], names) }) ?? false else { return }
        let emails = emails(value, source, row["event_type"])
        if case .email = person { result.standIns.formUnion(emails.intersection(names.standIns)) }
        var hit = Hit(sequence: sequence, id: row["id"], isRejected: isRejected, emails: emails)
        if !isRejected, let value, let opened { hit.states = states(value, opened.headers, source, tenant) }
        result.hits.append(hit)
    }

    private func states(_ value: JSONValue, _ headers: Bytes, _ source: String, _ tenant: String) -> [Bytes] {
        guard let provider = providers[source: source], let tenant = TenantName(tenant),
            let state = provider.state(of: value, headers: HeaderFields(json: headers))
        else { return [] }
        return state.asListed.map { $0.digest(source: provider.source, tenant: tenant) }
    }

    private func isActor(_ person: Person, of event: JSONValue, _ source: String, _ type: String, _ names: Person.Names) -> Bool {
        guard let provider = providers[source: source], provider.mapping(for: type) == nil else { return false }
        return person.isActor(of: event, provider, names)
    }

    private func value(_ body: Bytes, _ headers: Bytes, _ source: String) -> JSONValue? {
        guard !body.isEmpty else { return nil }
        return providers[source: source].flatMap { try? $0.stored(body, headers: HeaderFields(json: headers)) }
            ?? (try? JSONDocument(body))?.root
    }

    private func isInHead(_ sequence: Int64, _ person: Person, _ names: Person.Names) -> Bool {
        guard let stored = try? RejectionQueries(store: store).find(sequence) else { return false }
        return person.isNamed(in: Bytes(stored.url.utf8) + stored.headers.lines, names)
    }

    /// Under which WordPress knows the person.
    private func emails(_ value: JSONValue?, _ source: String, _ type: String) -> Set<String> {
        guard let value, let provider = providers[source: source], let mapping = provider.mapping(for: type),
            let email = mapping.actor(in: value).email
        else { return [] }
        return [email.lowercased()]
    }
}
