import Foundation

extension NewEvent {
    /// The most bytes that a provider's id has in a key; ours have some 200.
    private static let mostKeyBytes = 400

    /// Under the key that the event had in another store, or in this one: what the rules left of a payload may give another id than the whole
    /// did. A key that is not this source's and tenant's is left alone.
    public func asBefore(key: String?, occurredAt: Timestamp?) -> NewEvent {
        let front = "\(source):\(tenant):"
        var id = key.flatMap { $0.hasPrefix(front) ? $0.dropFirst(front.count) : nil } ?? ""
        if let lost = id.range(of: "#lost-", options: .backwards) { id = id[..<lost.lowerBound] }
        let isKey = (1...Self.mostKeyBytes).contains(id.utf8.count) && !id.utf8.contains(0)
        return with(
            reading: EventReading(
                providerEventID: isKey ? String(id) : reading.providerEventID, eventType: reading.eventType,
                occurredAt: reading.occurredAt ?? occurredAt, route: reading.route, lane: reading.lane))
    }

    private func with(reading: EventReading) -> NewEvent {
        NewEvent(
            source: source, tenant: tenant, reading: reading, receivedAt: receivedAt, sourceIP: sourceIP, userAgent: userAgent,
            createdBy: createdBy, requestID: requestID, traceparent: traceparent, headers: headers, rawBody: rawBody, nonce: nonce,
            secret: secret, state: state, original: original)
    }
}
