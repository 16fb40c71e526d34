import Common
import Synchronization

/// Strangers may be refused as often as they like. The journal has the first ones of each minute, by source and reason, and then how many
/// were left out.
final class RefusalLog: Sendable {
    private struct Key: Hashable {
        /// Nil: none of ours.
        let source: SourceName?
        let reason: String
    }

    private struct State {
        var minute: Int64 = 0
        var seen: [Key: Int] = [:]
    }

    /// In a minute, of one source and reason.
    static let most = 30

    private let state = Mutex(State())

    /// - Parameter id: under which it is kept; those are few, and always written.
    /// - Returns: its line or none, and before it what is to be said of the minute before.
    func lines(_ refusal: Refusal, _ head: RequestHead, id: String? = nil, by gateway: Gateway, at now: Timestamp) -> [LogLine] {
        let named = head.source.flatMap { SourceName($0) }.flatMap { gateway.sources[$0]?.provider.source }
        let key = Key(source: named, reason: refusal.reason)
        let summary = leftOut(at: now)
        let seen = state.withLock { state in
            state.seen[key, default: 0] += 1
            return state.seen[key, default: 0]
        }
        guard id != nil || seen <= Self.most else { return summary }
        return summary + [.refused(refusal, head, id: id, at: now)]
    }

    /// What the minute that is over has left out.
    /// - Parameter ending: also of the one that is not over yet.
    func leftOut(at now: Timestamp, ending: Bool = false) -> [LogLine] {
        let minute = now.milliseconds / 60_000
        let seen: [Key: Int] = state.withLock { state in
            guard minute != state.minute || ending else { return [:] }
            defer { state = State(minute: minute) }
            return state.seen
        }
        return seen.filter { $0.value > Self.most }.sorted { $0.value > $1.value }.map { key, count in
            LogLine("refused requests like these were left out of the log", level: .warning, at: now).with("outcome", "refused")
                .with("source", key.source?.description).with("reason", key.reason).with("omitted", Int64(count - Self.most))
        }
    }
}
