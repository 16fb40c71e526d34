import Common
import Foundation

/// The token within a form of ours, by which its answer is known to come from our page: a code over the user's name and an hour.
/// Nothing is kept for it. The key is made when the program starts, so that a page from before a restart has to be loaded again.
struct FormToken: Sendable {
    static let lifetime: Duration = .seconds(12 * 3600)

    private let key: HMACKey

    init(key: Bytes = Crypto.random(32)) throws(CryptoError) { self.key = try HMACKey(key) }

    /// `{end in ms}.{code}`
    func issue(to user: String, now: Timestamp) -> String {
        let end = (now + Self.lifetime).milliseconds
        return "\(end).\(code(user, end))"
    }

    func isGood(_ token: String, of user: String, now: Timestamp) -> Bool {
        let parts = token.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let end = Int64(decimalDigits: Bytes(parts[0].utf8)) else { return false }
        let isGenuine = Crypto.equal(Bytes(parts[1].utf8), Bytes(code(user, end).utf8))
        return isGenuine && now.milliseconds <= end && end <= (now + Self.lifetime).milliseconds
    }

    /// The number ends at the first byte that is no digit: no name and number read like another pair.
    private func code(_ user: String, _ end: Int64) -> String {
        String(decoding: Hex.encode(key.code(over: Bytes("\(end) \(user)".utf8))), as: UTF8.self)
    }
}
