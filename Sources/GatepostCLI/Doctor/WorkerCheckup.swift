import Common
import Foundation

/// Does the worker really run? What the timer says, and what the store shows, whoever starts the worker.
struct WorkerCheckup: Checkup {
    /// systemd's word on gatepost-worker.timer.
    struct Timer: Equatable {
        let isActive: Bool
        /// Nil: never since it was started.
        let lastTrigger: Timestamp?
        /// The worker is at work now: a long run keeps the timer waiting.
        var isWorking = false
        /// How the worker's last run failed, in systemd's words; nil: it did not.
        var failure: String?
        /// Of gatepost-worker.path; nil where there is none.
        var isPathActive: Bool?
    }

    /// Nil where there is no systemd, or no such timer: then cron has to start it.
    var timer: Timer?
    /// What was done last, and what has been due since when.
    var lastWork: Timestamp?
    var oldestDue: Timestamp?
    let now: Timestamp

    var findings: [Finding] { [starting, queue] }

    private var starting: Finding {
        guard let timer else { return .skip("worker", "no systemd timer here; cron has to start gatepost-worker --once") }
        guard timer.isActive else {
            return .fail("worker", "gatepost-worker.timer is not active", fix: "systemctl enable --now gatepost-worker.timer")
        }
        guard let last = timer.lastTrigger else {
            return .warn(
                "worker", "the timer is active and has not fired yet",
                fix: "look again in a minute; systemctl list-timers gatepost-worker.timer")
        }
        let text = "the timer fired \(Age.text(of: last, now: now))"
        guard timer.isWorking || seconds(since: last) <= 120 else {
            return .fail("worker", text, fix: "systemctl restart gatepost-worker.timer; journalctl -u gatepost-worker says why")
        }
        if let failure = timer.failure {
            return .fail("worker", "\(text), and its run failed: \(failure)", fix: "journalctl -u gatepost-worker -n 20 says why")
        }
        guard timer.isPathActive != false else {
            return .warn(
                "worker", "\(text); gatepost-worker.path is off, so that events wait for the timer",
                fix: "systemctl enable --now gatepost-worker.path")
        }
        return .pass("worker", text)
    }

    private var queue: Finding {
        let worked = lastWork.map { "; last work \(Age.text(of: $0, now: now))" } ?? ""
        guard let due = oldestDue, seconds(since: due) > 0 else { return .pass("queue", "nothing is overdue\(worked)") }
        let text = "work is due since \(Age.words(seconds(since: due)))\(worked)"
        switch seconds(since: due) {
        case ..<120: return .pass("queue", text)
        case ..<900: return .warn("queue", text, fix: "journalctl -u gatepost-worker; gatepost check says which tenant lacks a WordPress")
        default: return .fail("queue", text, fix: "journalctl -u gatepost-worker; gatepost check says which tenant lacks a WordPress")
        }
    }

    private func seconds(since moment: Timestamp) -> Int64 { (now.milliseconds - moment.milliseconds) / 1000 }

    static func gather(_ store: Store?, timer: Timer?, now: Timestamp) -> WorkerCheckup {
        let times = store.flatMap { try? $0.workTimes() }
        return WorkerCheckup(timer: timer, lastWork: times?.last, oldestDue: times?.oldestDue, now: now)
    }

    /// Before the store is opened: closed again, it has the path unit start the worker, and a run that goes on hides how the last one ended.
    /// One that is soon over is waited for.
    static func timerNow() -> Timer? {
        var found = timer(in: systemctl())
        for _ in 0..<6 where found?.isWorking == true {
            usleep(500_000)
            found = timer(in: systemctl())
        }
        return found
    }

    /// From `NAME=value` lines of timer, service and path, a blank line between them; times as `Mon 2026-11-23 23:12:46 UTC`.
    static func timer(in said: String) -> Timer? {
        let units = said.components(separatedBy: "\n\n").map { unit in
            unit.split(separator: "\n").reduce(into: [Substring: Substring]()) { values, line in
                let parts = line.split(separator: "=", maxSplits: 1)
                if parts.count == 2 { values[parts[0]] = parts[1] }
            }
        }
        guard let timer = units.first, timer["LoadState"] == "loaded" else { return nil }
        let service = units.dropFirst().first ?? [:]
        let path = units.dropFirst(2).first.flatMap { $0["LoadState"] == "loaded" ? $0 : nil }
        return Timer(
            isActive: timer["ActiveState"] == "active", lastTrigger: timer["LastTriggerUSec"].flatMap(moment),
            isWorking: service["ActiveState"] == "activating" || service["ActiveState"] == "active", failure: failure(of: service),
            isPathActive: path.map { $0["ActiveState"] == "active" })
    }

    /// `exit-code, status 2`
    private static func failure(of service: [Substring: Substring]) -> String? {
        guard let result = service["Result"], result != "success" else { return nil }
        return service["ExecMainStatus"].map { "\(result), status \($0)" } ?? String(result)
    }

    private static func moment(_ text: Substring) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count == 4, words[3] == "UTC" else { return nil }
        return Timestamp(rfc3339: "\(words[1])T\(words[2])Z")
    }

    /// In UTC: systemd 252 knows no other form for this property, whatever --timestamp= says.
    private static func systemctl() -> String {
        guard FileManager.default.fileExists(atPath: "/run/systemd/system") else { return "" }
        let properties = "--property=LoadState,ActiveState,LastTriggerUSec,Result,ExecMainStatus"
        let units = ["timer", "service", "path"].map { "gatepost-worker.\($0)" }
        return Program.output("env", ["TZ=UTC", "LC_ALL=C", "systemctl", "show", properties] + units)?.output ?? ""
    }
}
