import Foundation
import Testing
import Transport

@testable import Common
@testable import GatepostCLI

/// What the doctor makes of what was found.
@Suite struct DoctorTests {
    private static func verdicts(_ checkup: some Checkup) -> [String] { checkup.findings.map { "\($0.check): \($0.verdict.rawValue)" } }

    private static func ago(_ seconds: Int64) -> Timestamp { noon + .seconds(-seconds) }

    @Test(arguments: [
        ("nothing wrong", [], [], ["pass"]),
        ("a problem", ["no"], [], ["fail"]), ("two, and a gap", ["no", "neither"], ["missing"], ["fail", "fail", "warn"]),
        ("a gap", [], ["missing"], ["warn"]),
    ])
    func judgesSettings(_ name: String, problems: [String], gaps: [String], expected: [String]) {
        let checkup = SettingsCheckup(
            problems: problems.map { .init(place: "file", text: $0) }, gaps: gaps.map { .init(place: "settings", text: $0) })
        #expect(checkup.findings.map(\.verdict.rawValue) == expected, "\(name)")
    }

    @Test(
        arguments: [
            (FilesCheckup.File.Kind.secrets, 0o640, "pass"), (.secrets, 0o600, "pass"), (.secrets, 0o644, "fail"),
            (.secrets, 0o660, "fail"),
            (.secrets, 0o641, "fail"), (.settings, 0o644, "pass"), (.settings, 0o664, "fail"), (.settings, 0o646, "fail"),
            (.settingsDirectory, 0o755, "pass"), (.settingsDirectory, 0o775, "fail"), (.settingsDirectory, 0o757, "fail"),
            (.store, 0o640, "pass"), (.store, 0o644, "fail"), (.storeLog, 0o640, "pass"), (.storeLog, 0o644, "fail"),
            (.storeDirectory, 0o750, "pass"), (.storeDirectory, 0o755, "pass"),
            (.storeDirectory, 0o757, "fail"), (.store, nil, "pass"),
        ] as [(FilesCheckup.File.Kind, Int?, String)])
    func judgesPermissions(_ kind: FilesCheckup.File.Kind, mode: Int?, expected: String) {
        let checkup = FilesCheckup(files: [.init(kind: kind, path: "/f", mode: mode)])
        #expect(checkup.findings.map(\.verdict.rawValue) == [expected])
    }

    /// Root has written what the service must.
    @Test(
        arguments: [
            ("all the service's", (100, 100, 100), 0o750, nil), ("all root's", (0, 0, 0), 0o755, nil),
            ("a store of root's", (100, 0, 100), 0o750, "chown --reference=/d /d/s"),
            ("a log of root's", (100, 100, 0), 0o750, "chown --reference=/d /d/s-wal"),
            ("a directory of root's", (0, 100, 100), 0o755, "chown --reference=/d/s /d"),
            ("one that the group may write", (0, 100, 100), 0o2770, nil),
        ] as [(String, (UInt32, UInt32, UInt32), Int, String?)])
    func judgesOwners(_ name: String, owners: (folder: UInt32, store: UInt32, log: UInt32), mode: Int, fix: String?) {
        let checkup = FilesCheckup(files: [
            .init(kind: .store, path: "/d/s", mode: 0o640, owner: owners.store),
            .init(kind: .storeLog, path: "/d/s-wal", mode: 0o640, owner: owners.log),
            .init(kind: .storeDirectory, path: "/d", mode: mode, owner: owners.folder),
        ])
        #expect(checkup.findings.compactMap(\.fix) == [fix].compactMap { $0 }, "\(name)")
    }

    @Test(arguments: [(true, "pass"), (false, "warn"), (nil, "skip")] as [(Bool?, String)])
    func judgesTheClocksKeeper(_ isKept: Bool?, verdict: String) {
        #expect(ClockCheckup(isKept: isKept).findings.map(\.verdict.rawValue) == [verdict])
    }

    @Test(arguments: [
        ("well", StoreCheckup(log: 1, free: 400, floor: 100), ["store: pass", "store room: pass", "store log: pass"]),
        ("little room", StoreCheckup(free: 399, floor: 100), ["store: pass", "store room: warn", "store log: pass"]),
        ("at the floor", StoreCheckup(free: 100, floor: 100), ["store: pass", "store room: warn", "store log: pass"]),
        ("below the floor", StoreCheckup(free: 99, floor: 100), ["store: pass", "store room: fail", "store log: pass"]),
        ("nobody says", StoreCheckup(free: nil), ["store: pass", "store room: skip", "store log: pass"]),
        ("damaged", StoreCheckup(damage: ["row 1 missing"], free: 1), ["store: fail", "store room: pass", "store log: pass"]),
        ("a large log", StoreCheckup(log: (256 << 20) + 1, free: 1), ["store: pass", "store room: pass", "store log: warn"]),
        ("not to be opened", StoreCheckup(damage: nil, problem: "no"), ["store: fail"]),
    ])
    func judgesTheStore(_ name: String, _ checkup: StoreCheckup, expected: [String]) {
        #expect(Self.verdicts(checkup) == expected, "\(name)")
    }

    @Test(
        arguments: [
            ("fires", WorkerCheckup.Timer(isActive: true, lastTrigger: ago(5)), nil, ["worker: pass", "queue: pass"]),
            ("fired long ago", .init(isActive: true, lastTrigger: ago(121)), nil, ["worker: fail", "queue: pass"]),
            ("is at work for long", .init(isActive: true, lastTrigger: ago(500), isWorking: true), nil, ["worker: pass", "queue: pass"]),
            ("never fired", .init(isActive: true, lastTrigger: nil), nil, ["worker: warn", "queue: pass"]),
            (
                "fails every time", .init(isActive: true, lastTrigger: ago(5), failure: "exit-code, status 2"), nil,
                ["worker: fail", "queue: pass"]
            ),
            ("without its path", .init(isActive: true, lastTrigger: ago(5), isPathActive: false), nil, ["worker: warn", "queue: pass"]),
            ("with its path", .init(isActive: true, lastTrigger: ago(5), isPathActive: true), nil, ["worker: pass", "queue: pass"]),
            ("off", .init(isActive: false, lastTrigger: ago(5)), nil, ["worker: fail", "queue: pass"]),
            ("cron", nil, nil, ["worker: skip", "queue: pass"]),
            ("due in a moment", nil, ago(-30), ["worker: skip", "queue: pass"]),
            ("just due", nil, ago(119), ["worker: skip", "queue: pass"]),
            ("due", nil, ago(120), ["worker: skip", "queue: warn"]), ("long due", nil, ago(900), ["worker: skip", "queue: fail"]),
        ] as [(String, WorkerCheckup.Timer?, Timestamp?, [String])])
    func judgesTheWorker(_ name: String, timer: WorkerCheckup.Timer?, due: Timestamp?, expected: [String]) {
        #expect(Self.verdicts(WorkerCheckup(timer: timer, oldestDue: due, now: noon)) == expected, "\(name)")
    }

    @Test(
        arguments: [
            (
                "at work",
                "LoadState=loaded\nActiveState=active\nLastTriggerUSec=Mon 2025-11-24 16:00:00 UTC\n\nLoadState=loaded\nActiveState=activating\n",
                WorkerCheckup.Timer(isActive: true, lastTrigger: Timestamp(milliseconds: 1_764_000_000_000), isWorking: true)
            ),
            (
                "never", "LoadState=loaded\nActiveState=inactive\nLastTriggerUSec=\n\nActiveState=inactive\n",
                WorkerCheckup.Timer(isActive: false, lastTrigger: nil)
            ),
            (
                "failed",
                "LoadState=loaded\nActiveState=active\nLastTriggerUSec=\nResult=success\n\nLoadState=loaded\nActiveState=failed\nResult=exit-code\nExecMainStatus=2\n\nLoadState=loaded\nActiveState=inactive\n",
                WorkerCheckup.Timer(isActive: true, lastTrigger: nil, failure: "exit-code, status 2", isPathActive: false)
            ),
            (
                "no path unit",
                "LoadState=loaded\nActiveState=active\nLastTriggerUSec=\n\nLoadState=loaded\nActiveState=inactive\nResult=success\n\nLoadState=not-found\nActiveState=inactive\n",
                WorkerCheckup.Timer(isActive: true, lastTrigger: nil)
            ),
            ("no such unit", "LoadState=not-found\nActiveState=inactive\n", nil), ("no systemd", "", nil),
        ] as [(String, String, WorkerCheckup.Timer?)])
    func readsSystemd(_ name: String, said: String, expected: WorkerCheckup.Timer?) {
        #expect(WorkerCheckup.timer(in: said) == expected, "\(name)")
    }

    private static func front(
        _ socket: FrontCheckup.Socket = .accepts, nginx: Bool = true, url: String? = "https://h", status: Int = 200,
        body: String = #"{"status":"ok"}"#, ends: Int64? = 86_400 * 60
    ) -> FrontCheckup {
        var checkup = FrontCheckup(socketPath: "/s", socket: socket, nginxRuns: nginx, publicURL: url, now: noon)
        checkup.health = .success(HTTPResponse(status: status, headers: [], body: Bytes(body.utf8)))
        checkup.certificateEnds = ends.map { noon + .seconds($0) }
        return checkup
    }

    @Test(arguments: [
        ("well", front(), ["pass", "pass", "pass", "pass"]),
        ("closed to us", front(.closedToUs), ["pass", "pass", "pass", "pass"]),
        ("no socket", front(.missing), ["fail", "pass", "pass", "pass"]),
        ("nobody there", front(.refuses), ["fail", "pass", "pass", "pass"]),
        ("no nginx", front(nginx: false), ["pass", "warn", "pass", "pass"]),
        ("no address", front(url: nil), ["pass", "pass", "skip"]), ("503", front(status: 503), ["pass", "pass", "fail", "pass"]),
        ("another site", front(body: "<html>"), ["pass", "pass", "fail", "pass"]),
        ("plain", front(url: "http://127.0.0.1"), ["pass", "pass", "pass", "warn"]),
        ("20 days", front(ends: 86_400 * 20), ["pass", "pass", "pass", "pass"]),
        ("19 days", front(ends: 86_400 * 20 - 1), ["pass", "pass", "pass", "warn"]),
        ("6 days", front(ends: 86_400 * 7 - 1), ["pass", "pass", "pass", "fail"]),
        ("expired", front(ends: -1), ["pass", "pass", "pass", "fail"]),
    ])
    func judgesTheFront(_ name: String, _ checkup: FrontCheckup, expected: [String]) {
        #expect(checkup.findings.map(\.verdict.rawValue) == expected, "\(name)")
    }

    private static func wordpress(_ status: Int, _ body: String = "{}", headers: [(String, String)] = []) -> WordPressCheckup {
        WordPressCheckup(
            tenant: TenantName("shop")!, url: "https://w",
            answer: .success(HTTPResponse(status: status, headers: headers.map { (name: $0.0, value: $0.1) }, body: Bytes(body.utf8))),
            now: noon)
    }

    private static let plugin = #"{"plugin_version":"1.0.0","orders_failed":0,"orders_pending":0,"oldest_order_age_ms":0}"#

    @Test(arguments: [
        ("well", wordpress(200, plugin), "pass", "1.0.0"),
        ("an old plugin", wordpress(200, plugin.replacingOccurrences(of: "1.0.0", with: "0.9.10")), "warn", "upgrade"),
        ("no plugin", wordpress(404, #"{"code":"rest_no_route"}"#), "fail", "activate"),
        ("no permalinks", wordpress(404, "<html>"), "fail", "Permalinks"),
        ("stripped", wordpress(401, #"{"code":"gatepost_no_auth"}"#), "fail", "CGIPassAuth"),
        ("wrong password", wordpress(401, #"{"code":"gatepost_app_password_wrong"}"#), "fail", "gatepost_app_password_wrong"),
        ("clock", wordpress(401, #"{"code":"gatepost_timestamp_wrong"}"#), "fail", "NTP"),
        ("redirect", wordpress(301, "", headers: [("location", "https://www")]), "fail", "https://www"),
        ("a cache", wordpress(200, "<html>"), "fail", "cache"), ("broken", wordpress(500, ""), "fail", "500"),
        ("failed orders", wordpress(200, plugin.replacingOccurrences(of: "failed\":0", with: "failed\":2")), "warn", "2 order events"),
        (
            "no WP-Cron", wordpress(200, #"{"plugin_version":"1","orders_pending":1,"oldest_order_age_ms":600001}"#), "warn", "WP-Cron"
        ),
    ])
    func judgesWordPress(_ name: String, _ checkup: WordPressCheckup, verdict: String, word: String) throws {
        let last = try #require(checkup.findings.last)
        #expect(last.verdict.rawValue == verdict, "\(name)")
        #expect("\(last.text) \(last.fix ?? "")".contains(word), "\(name): \(last)")
    }

    @Test(arguments: [
        ("empty, as it is", 400, #"{"code":"gatepost_invalid"}"#, "pass"), ("a firewall", 403, "<html>", "fail"),
        ("another 400", 400, "<html>", "fail"), ("a cache", 200, "<html>", "fail"), ("done", 200, #"{"results":[]}"#, "fail"),
        ("wrong secret", 401, #"{"code":"gatepost_signature_wrong"}"#, "fail"),
    ])
    func judgesAPush(_ name: String, status: Int, body: String, verdict: String) {
        let answer = HTTPResponse(status: status, headers: [], body: Bytes(body.utf8))
        let checkup = PushCheckup(tenant: TenantName("shop")!, url: "https://w", answer: .success(answer))
        #expect(checkup.findings.map(\.verdict.rawValue) == [verdict], "\(name)")
    }

    @Test(arguments: [
        (200, "pass", "http://c:4318"), (202, "pass", "takes"), (401, "warn", "OTEL_EXPORTER_OTLP_HEADERS"), (404, "warn", "/v1/traces"),
        (415, "warn", "JSON"), (307, "warn", "own address"), (429, "warn", "SAMPLER"), (503, "warn", "log"),
    ])
    func judgesACollector(_ status: Int, verdict: String, word: String) throws {
        let tracing = Settings.Tracing(url: "http://c:4318/hidden/v1/traces")
        let checkup = CollectorCheckup(tracing: tracing, answer: .success(HTTPResponse(status: status, headers: [], body: [])))
        let finding = try #require(checkup.findings.first)
        #expect(finding.verdict.rawValue == verdict && "\(finding.text) \(finding.fix ?? "")".contains(word), "\(finding)")
        #expect(!"\(finding)".contains("hidden"))
    }

    @Test(arguments: [
        (TransportError.Kind.connect, "up"), (.timeout, "OTEL_EXPORTER_OTLP_TIMEOUT"), (.tls, "OTEL_EXPORTER_OTLP_CERTIFICATE"),
    ])
    func judgesACollectorThatDoesNotAnswer(_ kind: TransportError.Kind, word: String) throws {
        let tracing = Settings.Tracing(url: "http://c:4318/hidden/v1/traces")
        let checkup = CollectorCheckup(tracing: tracing, answer: .failure(TransportError(kind: kind, text: "why")))
        let finding = try #require(checkup.findings.first)
        #expect(finding.verdict == .warn && finding.text.contains("why") && finding.fix?.contains(word) == true, "\(finding)")
        #expect(finding.text.contains("http://c:4318") && !"\(finding)".contains("hidden"), "\(finding)")
    }

    /// As a push would be: with a token the password proves nothing.
    @Test(
        arguments: [
            (Settings.WordPress.Auth.applicationPassword, "Basic "), (.jwt, "Bearer ey"), (.hmac, nil),
        ] as [(Settings.WordPress.Auth, String?)])
    func asksAsThePushesDo(_ auth: Settings.WordPress.Auth, authorization: String?) throws {
        var site = Settings.WordPress(baseURL: "https://w")
        (site.user, site.appPassword, site.sharedSecret, site.auth) = ("u", Secret("p"), Secret("0123456789abcdef"), auth)
        site.caFile = "/ca.pem"
        for request in try [site.statusRequest(now: noon), site.emptyBatch(requestID: "r", now: noon)] {
            let header = request.headers.first { $0.name == "Authorization" }?.value
            #expect(authorization.map { header?.hasPrefix($0) == true } ?? (header == nil), "\(request.url)")
            #expect(request.headers.contains { $0.name == "X-Signature" } && request.caFile == "/ca.pem")
        }
    }

    @Test(arguments: [
        ("", ["units: pass"]), ("gatepost-worker.service loaded failed failed Gatepost worker\n", ["units: pass"]),
        (
            "gatepost-ingest.service loaded failed failed Ingest\ngatepost-ingest.socket loaded failed failed S\n",
            ["units: fail", "units: fail"]
        ),
    ])
    func namesFailedUnits(_ said: String, expected: [String]) {
        #expect(Self.verdicts(UnitsCheckup(failed: UnitsCheckup.failed(in: said))) == expected)
    }

    /// noon is Mon, 24 Nov 2025 16:00:00 GMT.
    @Test(
        arguments: [
            ("Mon, 24 Nov 2025 16:00:00 GMT", "pass"), ("Mon, 24 Nov 2025 15:59:30 GMT", "pass"), ("Mon, 24 Nov 2025 16:00:31 GMT", "warn"),
            ("Mon, 24 Nov 2025 15:56:00 GMT", "warn"), ("Mon, 24 Nov 2025 15:55:59 GMT", "fail"), ("yesterday", nil),
        ] as [(String, String?)])
    func judgesTheClock(_ date: String, verdict: String?) {
        let findings = Self.wordpress(200, Self.plugin, headers: [("date", date)]).findings
        #expect(findings.first { $0.check == "clock" }?.verdict.rawValue == verdict)
    }

    @Test func readsACertificatesTimes() {
        #expect(Timestamp(certificateTime: "Feb  2 09:05:00 2027 GMT")?.description == "2027-02-02T09:05:00.000Z")
        #expect(Timestamp(certificateTime: "2027-02-02") == nil)
    }

    @Test(arguments: [
        (SelfTestCheckup.Outcome.stored, "pass"), (.notSent("no"), "fail"), (.refused(status: 401, requestID: "r"), "fail"),
        (.notFound(id: "i"), "fail"), (.notRemoved(id: "i", reason: "no"), "fail"), (.impossible("no"), "skip"),
    ])
    func judgesTheSelfTest(_ outcome: SelfTestCheckup.Outcome, verdict: String) {
        #expect(SelfTestCheckup(way: "stripe of shop", outcome: outcome).findings.map(\.verdict.rawValue) == [verdict])
    }

    @Test(arguments: [
        (SelfTestDelivery.Outcome.delivered(after: .milliseconds(900)), "pass", "within 1 s"), (.impossible("no", fix: nil), "skip", "no"),
        (.late(.seconds(75)), "fail", "in 75 s"), (.refused(cause: "connect", text: "nobody"), "fail", "nobody"),
    ])
    func judgesTheDelivery(_ outcome: SelfTestDelivery.Outcome, verdict: String, word: String) {
        let findings = SelfTestCheckup(way: "stripe of shop", outcome: .stored, delivery: outcome).findings
        #expect(findings.map(\.check) == ["self-test", "delivery"] && findings[1].verdict.rawValue == verdict)
        #expect(findings[1].text.contains(word))
    }

    @Test(
        arguments: [
            ("well", true, #"{"self_test":"gatepost.selftest"}"#, [], nil), ("no WordPress", false, nil, [], "has no WordPress"),
            ("not let in", true, nil, [], "did not let us in"), ("an older plugin", true, "{}", [], "knows no self-test"),
            ("paused", true, #"{"self_test":"gatepost.selftest"}"#, [Pauses.Pause(tenant: nil, source: "stripe", route: nil)], "paused"),
            (
                "others are paused", true, #"{"self_test":"gatepost.selftest"}"#,
                [Pauses.Pause(tenant: "club", source: nil, route: nil), .init(tenant: nil, source: nil, route: .userSync)], nil
            ),
        ] as [(String, Bool, String?, [Pauses.Pause], String?)])
    func saysWhatStandsInTheWay(_ name: String, site: Bool, plugin: String?, pauses: [Pauses.Pause], word: String?) throws {
        let delivery = SelfTestDelivery(
            source: SourceName("stripe")!, tenant: TenantName("shop")!, wordpress: site ? .init(baseURL: "https://w") : nil,
            plugin: try plugin.map { try JSONDocument(Bytes($0.utf8)).root }, pauses: pauses)
        guard case .impossible(let text, _)? = delivery.obstacle else {
            #expect(word == nil && delivery.obstacle == nil, "\(name)")
            return
        }
        #expect(word.map(text.contains) == true, "\(name): \(text)")
    }
}

/// The event that the doctor sends to itself.
@Suite struct SelfTestTests {
    /// As ingest would read it: of our type, and kept, unless the operator's routes push what they do not know.
    @Test(arguments: [
        ("stripe", [], true), ("github", [], true), ("stripe", ["*"], false), ("stripe", ["gatepost.*"], false),
        ("stripe", ["customer.*"], true),
        // An array of events, and a form.
        ("hubspot", [], false), ("twilio", [], false),
    ])
    func isKept(_ source: String, pushing patterns: [String], expected: Bool) throws {
        var settings = Settings.Source(provider: try #require(Catalogue.provider(for: name(source))), bodyLimit: 1024)
        settings.routes = patterns.map { RouteOverride(pattern: EventPattern($0), route: .userSync) }
        let body = SelfTest.body(for: settings.provider, id: "id")
        #expect((body.map { SelfTest.reads($0, settings, id: "id") } ?? false) == expected)
    }

    @Test func onlyItsOwnEventIsRemoved() throws {
        let scratch = try Scratch()
        let store = try scratch.store()
        let tests = SelfTests(store: store)
        let other = try store.put("evt_1")
        let own = try store.put("evt_2", type: Gatepost.selfTestType)
        #expect(try !tests.remove(id: other))
        #expect(try tests.standing(id: other) == nil && tests.standing(id: own) == .waits)
        #expect(try tests.remove(id: own))
        #expect(try !tests.remove(id: own))
        let counts = try EventQueries(store: store).counts()
        #expect(counts.lines.flatMap(\.events.values).reduce(0, +) == 1, "the counts follow")
        #expect(try EventQueries(store: store).find(other).count == 1)
    }

    @Test func prefersATenantWithAWordPress() throws {
        var settings = Settings()
        var source = Settings.Source(provider: try #require(Catalogue.provider(for: name("stripe"))), bodyLimit: 1024)
        source.secrets = ["alone", "shop"].map { (TenantName($0)!, [ProviderSecret(Secret("s"))]) }
        settings.sources[name("stripe")] = source
        func chosen() -> String? { SelfTest.among(settings, url: "https://h", id: "i", now: noon)?.tenant.description }
        #expect(chosen() == "alone")
        var site = Settings.WordPress(baseURL: "https://w")
        site.token = Secret("t")
        settings.tenants[TenantName("shop")!, default: .init()].wordpress = site
        #expect(chosen() == "shop")
    }

    /// Whatever the worker makes of it; also where it has lined up by then what came later.
    @Test(
        arguments: [
            ("delivered", .done(httpStatus: 200), .delivered), ("refused", .dead(failure), .dead(cause: "c", text: "t")),
            ("to be tried again", .retry(at: noon + .seconds(9), countsTry: true, failure: failure), .failed(cause: "c", text: "t")),
            ("kept", .kept(.mirror, payload: Bytes("{}".utf8)), .kept(.mirror)),
        ] as [(String, Verdict, SelfTests.Standing)], [false, true])
    func isFollowed(_ case: (name: String, verdict: Verdict, standing: SelfTests.Standing), isPassedBy: Bool) throws {
        let store = try Scratch().store()
        let tests = SelfTests(store: store)
        let id = try store.put("evt_1", type: Gatepost.selfTestType)
        let other = isPassedBy ? try store.put("evt_2", at: noon + .seconds(1)) : nil
        if isPassedBy { #expect(try JobQueue(store: store).lineUp()) }
        #expect(try tests.push(id: id, jobID: "j", now: noon))
        #expect(try !tests.push(id: id, jobID: "k", now: noon), "once")
        #expect(try tests.standing(id: id) == .waits)
        #expect(try store.settle(`case`.verdict, at: noon + .seconds(1)) == (isPassedBy ? 2 : 1))
        try JobQueue(store: store).markSettled()
        #expect(try tests.standing(id: id) == `case`.standing, "\(`case`.name)")
        #expect(try tests.remove(id: id))
        // What came later, where that waits still.
        let left = isPassedBy && `case`.name == "to be tried again" ? 1 : 0
        #expect(try store.settle(.done(httpStatus: 200), at: noon + .seconds(600)) == left)
        let counts = try EventQueries(store: store).counts().lines.flatMap(\.events.values).reduce(0, +)
        #expect(counts == (other == nil ? 0 : 1))
        #expect(try store.quickCheck().isEmpty)
        for table in ["lane", "lane_job"] {
            #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } == 0, "\(table)")
        }
    }

    private static let failure = PushFailure(cause: "c", text: "t")

    /// A worker that has it under way when the doctor gives up.
    @Test func isRemovedWhileItIsOnItsWay() throws {
        let store = try Scratch().store()
        let (tests, queue) = (SelfTests(store: store), JobQueue(store: store))
        let id = try store.put("evt_1", type: Gatepost.selfTestType)
        #expect(try tests.push(id: id, jobID: "j", now: noon))
        let pushes = try queue.claim(
            tenant: TenantName("shop")!, limits: .init(items: 9), lease: "l", until: noon + .seconds(45), now: noon)
        #expect(pushes.count == 1)
        #expect(try tests.remove(id: id))
        #expect(try queue.settle(pushes.map { ($0, .done(httpStatus: 200)) }, lease: "l", now: noon) == 0)
        try queue.markSettled()
        #expect(try EventQueries(store: store).counts().lines.flatMap(\.events.values).reduce(0, +) == 0)
    }

    /// Every statement compiles against the real schema.
    @Test func preparesItsStatements() throws {
        let store = try Scratch().store()
        for sql in DoctorSQL.all + SelfTestSQL.all { _ = try store.read { try $0.makeStatement(sql: sql) } }
    }
}
