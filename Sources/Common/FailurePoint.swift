import Foundation

/// Places where a test may have the process die as if by SIGKILL: `GATEPOST_FAIL_AT=before-push`. Not set, they do nothing.
public enum FailurePoint: String, CaseIterable, Sendable {
    /// Ingest: the events are written, their transaction is open.
    case beforeCommit = "before-commit"
    /// Ingest: the events are on disk, and nobody has been told.
    case afterCommit = "after-commit"
    case afterClaim = "after-claim"
    case beforePush = "before-push"
    /// WordPress has answered, and nothing of it is written down yet.
    case afterPush = "after-push"
    /// Judged, and what the answer says of the endpoint is written down.
    case beforeSettle = "before-settle"
    case afterSettle = "after-settle"

    private static let chosen: (point: FailurePoint, text: String?)? = {
        let words = ProcessInfo.processInfo.environment["GATEPOST_FAIL_AT"]?.split(separator: "=", maxSplits: 1).map(String.init)
        guard let words, let point = words.first.flatMap(Self.init) else { return nil }
        return (point, words.count > 1 ? words[1] : nil)
    }()

    /// - Parameter payloads: `before-push=text` dies where one of these has the text in it.
    public func hit(_ payloads: @autoclosure () -> [Bytes] = []) {
        guard let chosen = Self.chosen, chosen.point == self else { return }
        if let text = chosen.text, !payloads().contains(where: { String(decoding: $0, as: UTF8.self).contains(text) }) { return }
        kill(getpid(), SIGKILL)
    }
}
