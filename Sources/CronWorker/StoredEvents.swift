import Common

/// One push's events as they are stored, folded into one. Read one after another: of an older one only what no newer one says.
struct StoredEvents {
    private enum Failure: Error {
        case unreadable
        /// An event happened later than one that was taken for newer.
        case outOfOrder
    }

    private let push: ClaimedPush
    private let providers: Providers
    /// Of the last event that was read; events of one push mostly have the same.
    private var provider: Provider?
    private var source = ""
    private var mapping = Mapping.generic
    private var type: String?

    init(_ push: ClaimedPush, _ providers: Providers) {
        self.push = push
        self.providers = providers
    }

    /// Nil where one of them cannot be read any more, or there is none.
    mutating func folded() -> CanonicalEvent? {
        do throws(Failure) {
            // Mostly they came in the order in which they happened.
            return try folded(newestFirst: Array(push.events.indices.reversed()))
        } catch {
            guard error == .outOfOrder, let order = try? newestFirst() else { return nil }
            return try? folded(newestFirst: order)
        }
    }

    /// By when they happened; of two at once that is newer which came last.
    private mutating func newestFirst() throws(Failure) -> [Int] {
        var moments: [Timestamp] = []
        for place in push.events.indices {
            let value = try value(place)
            moments.append(moment(place, value))
        }
        return moments.indices.sorted { (moments[$0], $0) > (moments[$1], $1) }
    }

    private mutating func folded(newestFirst order: [Int]) throws(Failure) -> CanonicalEvent {
        guard let newest = order.first else { throw .unreadable }
        let newestValue = try value(newest)
        guard let event = normalised(push.events[newest], newestValue) else { throw .unreadable }
        var last = event.occurredAt
        var folding = Folding(event)
        for place in order.dropFirst() {
            let value = try value(place)
            let moment = moment(place, value)
            guard moment <= last else { throw .outOfOrder }
            last = moment
            folding.add(occurredAt: moment, data: mapping.members(of: value)) { mapping.actor(in: value) }
        }
        return folding.folded()
    }

    private func normalised(_ event: ClaimedPush.Event, _ value: JSONValue) -> CanonicalEvent? {
        provider?.normalise(
            value, eventType: event.type, tenant: push.tenant, receivedAt: event.receivedAt, occurredAt: event.occurredAt,
            headers: event.headers)
    }

    /// Of the event whose value was read last. By its place, as `value`: an event is much to copy.
    private func moment(_ place: Int, _ value: JSONValue) -> Timestamp {
        let received = push.events[place].receivedAt
        return provider?.moment(
            of: value, receivedAt: received, occurredAt: push.events[place].occurredAt, headers: push.events[place].headers) ?? received
    }

    /// Also finds the provider and what the event's type means.
    private mutating func value(_ place: Int) throws(Failure) -> JSONValue {
        if provider == nil || source != push.events[place].source {
            source = push.events[place].source
            (provider, type) = (providers[source: source], nil)
        }
        guard let value = try? provider?.stored(push.events[place].rawBody, headers: push.events[place].headers) else { throw .unreadable }
        if type != push.events[place].type {
            type = push.events[place].type
            mapping = type.flatMap { provider?.mapping(for: $0) } ?? .generic
        }
        return value
    }
}
