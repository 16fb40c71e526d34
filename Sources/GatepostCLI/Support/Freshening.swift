import Common
import Foundation

/// Gives a stored payload a new id and the present time, so that it counts as a new event. Every other byte stays as it is.
///
/// Where the id stands in a header, the body alone tells an event from its replay: there it gets blanks at its end, which mean nothing
/// in JSON (RFC 8259, section 2), in an order that does not come twice.
struct Freshening {
    let provider: Provider
    /// Nil: a new one of the same form.
    var id: String?
    /// Nil: the times stay.
    var now: Timestamp?

    func apply(to body: Bytes, using generator: inout some RandomNumberGenerator) throws -> Bytes {
        let root: JSONValue
        do throws(JSONError) { root = try JSONDocument(body).root } catch { throw Failure("the file is not JSON: \(error)") }
        let events = provider.events.flatMap { root.value(at: $0)?.elements } ?? [root]
        guard id == nil || events.count == 1 else {
            throw Failure("--id: the file holds \(events.count) events; use --fresh", status: Failure.badUsage)
        }
        var changes: [(range: Range<Int>, text: Bytes)] = []
        for event in events {
            if let old = idValue(of: event) { changes.append((old.range, try newID(like: old, using: &generator))) }
            if let now { changes += moments(of: event, now) }
        }
        var fresh = body
        for (range, text) in changes.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) { fresh.replaceSubrange(range, with: text) }
        if now != nil, provider.claimsNonce { fresh += (0..<40).map { _ in Bool.random(using: &generator) ? 0x20 : 0x09 } }
        return fresh
    }

    /// The id's first piece alone: further ones, as HubSpot's `objectId`, say whom the event is about.
    private func idValue(of event: JSONValue) -> JSONValue? {
        guard case .json(let path) = provider.eventID.first else { return nil }
        return event.value(at: path)
    }

    private func newID(like old: JSONValue, using generator: inout some RandomNumberGenerator) throws(Failure) -> Bytes {
        guard let text = old.string else {
            if let id {
                guard Int64(decimalDigits: id.utf8) != nil else {
                    throw Failure("--id: \(provider.title)'s ids are whole numbers", status: Failure.badUsage)
                }
                return Bytes(id.utf8)
            }
            // At least nine digits, so that two hardly ever meet.
            let digits = (0..<min(18, max(9, old.range.count))).map { Int.random(in: ($0 == 0 ? 1 : 0)...9, using: &generator) }
            return Bytes(digits.map(String.init).joined().utf8)
        }
        if let id { return JSONText.quoted(id) }
        // Stripe's `evt_…`: what stands before the last underscore says what it is.
        let prefix = text.lastIndex(of: "_").map { text[...$0] } ?? ""
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        let rest = (0..<max(16, text.count - prefix.count)).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] }
        return JSONText.quoted(prefix + String(rest))
    }

    private func moments(of event: JSONValue, _ now: Timestamp) -> [(range: Range<Int>, text: Bytes)] {
        let found: (JSONValue?, Bytes) =
            switch provider.occurredAt {
            case .seconds(let pieces): (first(pieces, in: event), Bytes(String(now.milliseconds / 1000).utf8))
            case .milliseconds(let pieces): (first(pieces, in: event), Bytes(String(now.milliseconds).utf8))
            case .rfc3339(let pieces), .utc(let pieces): (first(pieces, in: event), JSONText.quoted(now.description))
            case nil: (nil, [])
            }
        return found.0.map { [($0.range, found.1)] } ?? []
    }

    private func first(_ pieces: [Provider.Piece], in event: JSONValue) -> JSONValue? {
        for case .json(let path) in pieces {
            if let value = event.value(at: path) { return value }
        }
        return nil
    }
}
