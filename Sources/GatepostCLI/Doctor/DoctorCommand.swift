import ArgumentParser
import Common
import Foundation
import Transport

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks the path of an event end to end, and says what to mend.",
        discussion: """
            Settings, files, store, units, worker, socket, nginx, certificate, every WordPress, clock, secrets' age, the collector of traces. \
            Changes nothing, but for \
            --self-test: that sends one event of the type gatepost.selftest to public-url, signed with the first secret that can sign here, \
            waits until the worker has pushed it to that tenant's WordPress, where it has no effect, and removes it from the store again. \
            Every WordPress gets a batch without items as well, posted as the worker posts.

            Exit status: 0 nothing fails, 1 something does.
            """)

    @Flag(name: .customLong("self-test"), help: "Send a signed event all the way to WordPress, and remove it.")
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
        let timer = WorkerCheckup.timerNow()
        let (file, store) = StoreCheckup.gather(settings) {
            try Store(path: settings.database, access: .readOnly, vault: settings.encryption.vault)
        }
        let environment = ProcessInfo.processInfo.environment
        let files = FilesCheckup.gather(
            settings: environment["GATEPOST_CONFIG"] ?? "/etc/gatepost/gatepost.yaml",
            secrets: Environment(process: environment).secretFiles, store: settings.database)
        var checkups: [any Checkup] = [
            SettingsCheckup(gaps: settings.gaps), files, file, ClockCheckup.gather(),
            EncryptionCheckup(state: try? store?.sealingState(), encryption: settings.encryption),
            UnitsCheckup.gather(), WorkerCheckup.gather(store, timer: timer, now: clock.now()),
            FrontCheckup.gather(settings, socket: socket, now: clock.now()),
        ]
        let sites = settings.tenants.sorted { $0.key < $1.key }.compactMap { name, tenant in tenant.wordpress.map { (name, $0) } }
        let answers = sites.map { WordPressCheckup.gather($0, $1, clock: clock) }
        checkups += answers
        if let uses = try? store?.secretUses() {
            checkups.append(SecretsCheckup(reports: SecretReport.all(settings, uses, now: clock.now())))
        }
        if let tracing = settings.tracing { checkups.append(CollectorCheckup.gather(tracing)) }
        if selfTest {
            checkups.append(runSelfTest(settings, answers, now: clock.now()))
            checkups += sites.map { PushCheckup.gather($0, $1, now: clock.now()) }
        }
        return checkups.flatMap(\.findings)
    }

    private static func runSelfTest(_ settings: Settings, _ answers: [WordPressCheckup], now: Timestamp) -> SelfTestCheckup {
        func no(_ reason: String) -> SelfTestCheckup { SelfTestCheckup(way: "", outcome: .impossible(reason)) }
        guard let url = settings.publicURL else { return no("the settings name no public-url to send to") }
        let id = "gatepost-selftest-\(UUID().uuidString.lowercased())"
        guard let test = SelfTest.among(settings, url: url, id: id, now: now) else {
            return no("no source's signature can be made here, or all of them push what they do not know")
        }
        do {
            let store = try Store(path: settings.database, vault: settings.encryption.vault)
            let delivery = SelfTestDelivery(
                source: test.source, tenant: test.tenant, wordpress: settings.tenants[test.tenant]?.usableWordPress,
                plugin: answers.first { $0.tenant == test.tenant }?.plugin, pauses: try Pauses(store: store).all())
            return test.run(store, delivery: delivery, now: now)
        } catch {
            return SelfTestCheckup(way: "", outcome: .notSent(error.description))
        }
    }
}
