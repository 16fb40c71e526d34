import Foundation

/// Places where a test may have the process die as if by SIGKILL: `GATEPOST_FAIL_AT=before-push`. Not set, they do nothing.
enum FailurePoint: String {
    case beforePush = "before-push"
    /// WordPress has answered, and nothing of it is written down yet.
    case afterPush = "after-push"
    /// It is written down, and the events' rows may not say so yet.
    case afterSettle = "after-settle"

    private static let chosen = ProcessInfo.processInfo.environment["GATEPOST_FAIL_AT"]

    /// `before-push=text` dies where an item has the text in it.
    func hit(_ items: [PushItem]) {
        guard let chosen = Self.chosen?.split(separator: "=", maxSplits: 1), chosen.first == rawValue[...] else { return }
        guard chosen.count == 1 || items.contains(where: { String(decoding: $0.payload, as: UTF8.self).contains(chosen[1]) }) else {
            return
        }
        kill(getpid(), SIGKILL)
    }
}
