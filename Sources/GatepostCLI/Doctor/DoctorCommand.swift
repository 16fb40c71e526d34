import ArgumentParser
import Common
import Foundation
import Transport

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks the path of an event end to end, and says what to mend.",
        discussion: """
            Settings, files, store, units, worker, socket, nginx, certificate, every WordPress, clock, secrets' age. Changes nothing, but for \
            --self-test: that sends one event of the type gatepost.selftest to public-url, signed with the first secret that can sign here, \
            and removes it from the store again; it is pushed to no WordPress. Every WordPress gets a batch without items instead, posted as \
            the worker posts.

            Exit status: 0 nothing fails, 1 something does.
            """)

    @Flag(name: .customLong("self-test"), help: "Send a signed event through nginx and ingest into the store, and remove it.")
    var selfTest = false

    @Option(help: "Where gatepost-ingest listens.")
    var socket = "/run/gatepost/ingest.sock"

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let findings = Self.examine(socket: socket, selfTest: selfTest, clock: .system)
        Finding.report(findings, json: json)
        if findings.contains(where: { $0.verdict == .fail }) { throw ExitCode(1) }
    }

    private static func examine(socket: String, selfTest: Bool, clock: WallClock) -> [Finding] {
        let settings: Settings
        do { settings = try Settings.load() } catch { return SettingsCheckup(problems: error.problems).findings }
        let (file, store) = StoreCheckup.gather(settings) {
            try Store(path: settings.database, access: .readOnly, vault: settings.encryption.vault)
        }
        let environment = ProcessInfo.processInfo.environment
        let files = FilesCheckup.gather(
            settings: environment["GATEPOST_CONFIG"] ?? "/etc/gatepost/gatepost.yaml",
            secrets: Environment(process: environment).secretFiles, store: settings.database)
        var checkups: [any Checkup] = [
            SettingsCheckup(gaps: settings.gaps), files, file,
            EncryptionCheckup(state: try? store?.sealingState(), encryption: settings.encryption),
            UnitsCheckup.gather(), WorkerCheckup.gather(store, now: clock.now()),
            FrontCheckup.gather(settings, socket: socket, now: clock.now()),
        ]
        for (name, tenant) in settings.tenants.sorted(by: { $0.key < $1.key }) {
            if let wordpress = tenant.wordpress { checkups.append(WordPressCheckup.gather(name, wordpress, clock: clock)) }
        }
        if let uses = try? store?.secretUses() {
            checkups.append(SecretsCheckup(reports: SecretReport.all(settings, uses, now: clock.now())))
        }
        if selfTest { checkups += runSelfTests(settings, clock) }
        return checkups.flatMap(\.findings)
    }

    /// Both halves of an event's way: into the store, and on to every WordPress.
    private static func runSelfTests(_ settings: Settings, _ clock: WallClock) -> [any Checkup] {
        let sites = settings.tenants.sorted { $0.key < $1.key }.compactMap { name, tenant in tenant.wordpress.map { (name, $0) } }
        return [runSelfTest(settings, now: clock.now())] + sites.map { PushCheckup.gather($0, $1, now: clock.now()) }
    }

    private static func runSelfTest(_ settings: Settings, now: Timestamp) -> SelfTestCheckup {
        func no(_ reason: String) -> SelfTestCheckup { SelfTestCheckup(way: "", outcome: .impossible(reason)) }
        guard let url = settings.publicURL else { return no("the settings name no public-url to send to") }
        let id = "gatepost-selftest-\(UUID().uuidString.lowercased())"
        guard let test = SelfTest.among(settings, url: url, id: id, now: now) else {
            return no("no source's signature can be made here, or all of them push what they do not know")
        }
        do {
            return test.run(try Store(path: settings.database, vault: settings.encryption.vault), now: now)
        } catch {
            return SelfTestCheckup(way: "", outcome: .notSent(error.description))
        }
    }
}
