import Common
import Foundation

/// The second half of the self-test's way: the worker, started by whatever starts it here, pushes the event to WordPress.
struct SelfTestDelivery {
    enum Outcome: Equatable {
        case delivered(after: Duration)
        /// There is nothing to be seen here, and why.
        case impossible(String, fix: String?)
        /// Nobody tried.
        case late(Duration)
        case refused(cause: String, text: String)
    }

    /// Cron starts the worker once a minute, a timer every five seconds.
    static let longest: Duration = .seconds(75)

    /// Why it is not tried at all; nil: it is.
    let obstacle: Outcome?
    var longest = Self.longest

    /// - Parameter plugin: what the plugin of that tenant's WordPress said of itself; nil: it did not.
    init(source: SourceName, tenant: TenantName, wordpress: Settings.WordPress?, plugin: JSONValue?, pauses: [Pauses.Pause]) {
        if wordpress == nil {
            obstacle = .impossible("\(tenant) has no WordPress", fix: nil)
        } else if plugin == nil {
            obstacle = .impossible("the plugin did not let us in", fix: "as \"wordpress \(tenant)\" above")
        } else if plugin?["self_test"]?.string != Gatepost.selfTestType {
            obstacle = .impossible("the plugin there knows no self-test", fix: "install the plugin that came with this Gatepost")
        } else if pauses.contains(where: { $0.holds(tenant: tenant, source: source, route: .orderEvent) }) {
            obstacle = .impossible("order events of \(source) for \(tenant) are paused", fix: "gatepost resume, where that is over")
        } else {
            obstacle = nil
        }
    }

    /// Has the event pushed, and waits until the worker has; its first failure is the answer.
    func follow(_ id: String, _ tests: SelfTests, now: Timestamp) -> Outcome {
        if let obstacle { return obstacle }
        let began = ContinuousClock.now
        do {
            guard try tests.push(id: id, jobID: UUID().uuidString.lowercased(), now: now) else {
                return .impossible("the event was gone before it could be pushed", fix: nil)
            }
            while .now - began < longest {
                switch try tests.standing(id: id) {
                case .delivered: return .delivered(after: .now - began)
                case .failed(let cause, let text), .dead(let cause, let text): return .refused(cause: cause, text: text)
                case .kept(let mode): return .impossible("the cutover keeps it from WordPress (\(mode.rawValue))", fix: nil)
                case .waits: usleep(100_000)
                case nil: return .impossible("somebody else has removed the event", fix: nil)
                }
            }
            return .late(longest)
        } catch {
            return .impossible("the store: \(error.description)", fix: nil)
        }
    }
}

extension SelfTestDelivery.Outcome {
    var finding: Finding {
        let name = "delivery"
        switch self {
        case .delivered(let time):
            return .pass(
                name, "the worker pushed that event within \(max(1, time.components.seconds)) s, and the plugin knew it for a test")
        case .impossible(let reason, let fix): return .skip(name, reason, fix: fix)
        case .late(let time):
            return .fail(
                name, "no worker has pushed that event in \(time.components.seconds) s",
                fix:
                    "journalctl -u gatepost-worker; gatepost status names an open circuit; systemctl start gatepost-worker.path gatepost-worker.timer"
            )
        case .refused(let cause, let text): return .fail(name, text, fix: "docs/operating.md, \"What a cause means\": \(cause)")
        }
    }
}
