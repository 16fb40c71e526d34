import Common

/// Something that a provider lists, with what its webhook would have had round it.
struct Finding {
    /// Header fields, names in lower case.
    var headers: [(String, String)] = []
    var body: Bytes
    /// Its place in time.
    let at: Timestamp
    /// When the object was made, and what its webhook would have said of that; nil where an event says so by itself.
    var creation: (at: Timestamp, headers: [(String, String)])?
    /// Fetched by this where the list has no payload, unless we have `key`.
    var detail: String?
    var key: String?
}

struct Page {
    var findings: [Finding]
    /// Nil behind the last.
    var next: String?
}

/// How one provider lists what it sent, or what its objects are.
protocol ProviderReader {
    /// What has lists of its own: orders, customers.
    var kinds: [String] { get }
    /// Its list says what is now, not what was sent: changes behind the end are read too.
    var readsToNow: Bool { get }
    /// It lists what a webhook was subscribed to, so that all of it is wanted.
    var listsDeliveries: Bool { get }
    /// Of one moment, too, which sorting by time alone would leave so.
    var listsNewestFirst: Bool { get }
    /// Pages of one slice; of more the slice is cut in half, so that what is read can be put into order.
    var mostPages: Int { get }

    /// Once, before the first page.
    mutating func prepare(_ window: Range<Timestamp>, _ api: APIClient) throws(BackfillError)
    /// One page of what lies in the slice, whose ends are whole seconds.
    func page(_ kind: String, _ slice: Range<Timestamp>, cursor: String?, _ api: APIClient) throws(BackfillError) -> Page
    /// The payload of a finding that the list named alone; nil where the provider has it no more.
    func fetch(_ finding: Finding, _ api: APIClient) throws(BackfillError) -> Finding?
    /// Has the provider send it again; false where it cannot.
    func redeliver(_ finding: Finding, _ api: APIClient) throws(BackfillError) -> Bool
}

extension ProviderReader {
    var readsToNow: Bool { false }
    var listsDeliveries: Bool { false }
    var listsNewestFirst: Bool { false }
    var mostPages: Int { 5 }

    mutating func prepare(_ window: Range<Timestamp>, _ api: APIClient) throws(BackfillError) {}
    func fetch(_ finding: Finding, _ api: APIClient) throws(BackfillError) -> Finding? { finding }
    func redeliver(_ finding: Finding, _ api: APIClient) throws(BackfillError) -> Bool { false }
}

extension Timestamp {
    var seconds: Int64 { milliseconds / 1000 }

    /// RFC 3339 without fraction, in UTC.
    var wholeSeconds: String { String(description.prefix(19)) }
}

/// Once more from the list's beginning where the provider has forgotten the place in it.
func again<Value>(_ body: () throws(BackfillError) -> Value) throws(BackfillError) -> Value {
    for _ in 0..<2 {
        do throws(BackfillError) { return try body() } catch {
            guard case .expired = error else { throw error }
        }
    }
    return try body()
}
