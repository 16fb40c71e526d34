/// Where an event of some type goes.
public enum Route: String, Sendable, Hashable, CaseIterable {
    /// Changes a WordPress user. Several of one user may be folded into one push.
    case userSync = "user-sync"
    /// Something happened to an order, a payment or a subscription. Each is pushed by itself, in order.
    case orderEvent = "order-event"
    /// Stored and shown, pushed nowhere.
    case keep = "keep"
}

/// An event type with `*` for any run of characters, as in `customer.subscription.*`.
public struct EventPattern: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    public let description: String
    private let pieces: [Bytes]

    public init(_ text: String) {
        description = text
        pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Bytes.init)
    }

    public init(stringLiteral text: String) { self.init(text) }

    public func matches(_ type: String) -> Bool { matches(Bytes(type.utf8)) }

    /// The same for who tries many patterns on one type.
    func matches(_ text: Bytes) -> Bool {
        guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else { return pieces.first == text }
        guard text.starts(with: first), text.count >= first.count + last.count, text.suffix(last.count).elementsEqual(last)
        else { return false }
        var rest = text[first.count..<text.count - last.count]
        for piece in pieces[1..<pieces.count - 1] where !piece.isEmpty {
            guard let found = rest.indices.first(where: { rest[$0...].starts(with: piece) }) else { return false }
            rest = rest[(found + piece.count)...]
        }
        return true
    }
}
