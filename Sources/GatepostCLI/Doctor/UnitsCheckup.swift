import Foundation

/// Units of ours that systemd has given up. The worker's is looked at by itself.
struct UnitsCheckup: Checkup {
    /// Nil where there is no systemd.
    let failed: [String]?

    var findings: [Finding] {
        guard let failed else { return [.skip("units", "no systemd here")] }
        guard !failed.isEmpty else { return [.pass("units", "none has failed")] }
        return failed.map { .fail("units", "\($0) has failed", fix: "journalctl -u \($0) -n 20 says why; then systemctl restart \($0)") }
    }

    static func gather() -> UnitsCheckup {
        guard FileManager.default.fileExists(atPath: "/run/systemd/system") else { return UnitsCheckup(failed: nil) }
        let said = Program.output("systemctl", ["list-units", "--all", "--state=failed", "--plain", "--no-legend", "gatepost-*"])
        return UnitsCheckup(failed: failed(in: said?.output ?? "").filter { !hasSaidEnough($0) })
    }

    /// The alert of a unit that fails again and again is given once in ten minutes; systemd counts the others as its failures.
    private static func hasSaidEnough(_ unit: String) -> Bool {
        guard unit.hasPrefix("gatepost-failed@") else { return false }
        return Program.output("systemctl", ["show", "--property=Result", "--value", unit])?.output.hasPrefix("start-limit-hit") == true
    }

    /// A line a unit, its name first.
    static func failed(in said: String) -> [String] {
        said.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }.filter {
            $0 != "gatepost-worker.service"
        }
    }
}
