import Foundation

/// Whether something keeps this machine's clock in step. A WordPress on the same machine would not show that nothing does.
struct ClockCheckup: Checkup {
    /// Nil where there is no systemd to ask.
    let isKept: Bool?

    var findings: [Finding] {
        switch isKept {
        case true?: [.pass("clock service", "this clock is kept in step")]
        case false?:
            [
                .warn(
                    "clock service", "nothing keeps this clock in step; signed times may be off by 300 s",
                    fix: "apt-get install systemd-timesyncd (or chrony); timedatectl says whether it works")
            ]
        case nil: [.skip("clock service", "no systemd to ask whether something keeps this clock in step")]
        }
    }

    /// The kernel's word (adjtimex(2), STA_UNSYNC), whoever sets the clock.
    static func gather() -> ClockCheckup {
        guard FileManager.default.fileExists(atPath: "/run/systemd/system"),
            let said = Program.output("timedatectl", ["show", "--property=NTPSynchronized", "--value"]), said.status == 0
        else { return ClockCheckup(isKept: nil) }
        return ClockCheckup(isKept: said.output.hasPrefix("yes"))
    }
}
