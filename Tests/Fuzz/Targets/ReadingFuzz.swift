@testable import Common

/// A provider, a media type, header lines up to an empty one, a body: whatever is read of an event can be stored, and reads the same from the store.
enum ReadingFuzz {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)
    private static let tenant = TenantName("acme")

    static func check(_ input: Bytes) -> String? {
        var input = FuzzInput(input)
        let provider = Catalogue.providers[input.number(below: Catalogue.providers.count)]
        let types = provider.contentTypes.keys.sorted()
        let type = types[input.number(below: types.count)]
        var headers = HeaderFields([("content-type", type)])
        while true {
            var line = FuzzInput(input.bytes())
            guard !line.isEmpty else { break }
            headers.append(name: line.bytes(until: UInt8(ascii: ":")), value: line.remainder())
        }
        let body = input.remainder()
        guard let document = try? provider.document(of: body, mediaType: type), let events = provider.events(in: document) else {
            return nil
        }
        for event in events.prefix(8) {
            if let fault = judge(event, provider, headers) ?? stored(event, body, provider, headers) {
                return "\(provider.source): \(fault)"
            }
        }
        return nil
    }

    private static func judge(_ event: JSONValue, _ provider: Provider, _ headers: HeaderFields) -> String? {
        let reading = provider.read(event, headers: headers, receivedAt: now)
        guard (1...200).contains(reading.providerEventID.utf8.count), !reading.providerEventID.utf8.contains(0) else { return "id" }
        guard reading.eventType.unicodeScalars.count <= 191, !reading.eventType.utf8.contains(0) else { return "event type" }
        if let moment = reading.occurredAt, !(0..<253_402_300_800_000).contains(moment.milliseconds) { return "time" }
        if let lane = reading.lane, lane.utf8.count > 241 || lane.utf8.contains(0) { return "lane" }
        guard let tenant else { return nil }
        let canonical = provider.normalise(event, eventType: reading.eventType, tenant: tenant, receivedAt: now, headers: headers)
        guard let data = try? JSONDocument(canonical.data), data.root.isObject else { return "data is no object" }
        return data.hasLoneSurrogate ? "data has half a surrogate pair" : nil
    }

    private static func stored(_ event: JSONValue, _ body: Bytes, _ provider: Provider, _ headers: HeaderFields) -> String? {
        let raw = provider.events == nil ? body : Bytes(event.raw)
        guard let stored = try? provider.stored(raw, headers: headers) else { return "cannot be read from the store" }
        let (before, after) = (
            provider.read(event, headers: headers, receivedAt: now), provider.read(stored, headers: headers, receivedAt: now)
        )
        return before == after ? nil : "reads otherwise from the store"
    }
}
