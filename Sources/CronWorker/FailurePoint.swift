import Foundation

/// Places where a test may have the process die as if by SIGKILL: `GATEPOST_FAIL_AT=before-push`. Not set, they do nothing.
enum FailurePoint: String {
    case beforePush = "before-push"
    /// WordPress has answered, and nothing of it is written down yet.
    case afterPush = "after-push"

    private static let chosen = ProcessInfo.processInfo.environment["GATEPOST_FAIL_AT"]

    func hit() {
        if Self.chosen == rawValue { kill(getpid(), SIGKILL) }
    }
}
