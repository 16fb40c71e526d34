import Common
import Foundation
import Testing

/// What an operator is told when the real WordPress is ill.
@Suite(.serialized) struct DiagnosisTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let illness: IllSite.Illness
        /// Of the event that was pushed.
        let cause: String
        /// What `gatepost check --connect` says; nil: the same.
        var check: String?
        /// What becomes of the event.
        var status = "waiting"
        var tries = 1
        /// So many seconds the gateway's clock is ahead of WordPress's.
        var ahead = 0
        var auth = "application-password"
    }

    private static func plugin(_ code: String) -> [String: String] { ["wp-content/mu-plugins/ill.php": "<?php\n\(code)\n"] }

    @Test(arguments: [
        Case(
            testDescription: "maintenance mode", illness: .init(files: [".maintenance": "<?php $upgrading = time();"]),
            cause: "maintenance",
            tries: 0),
        Case(
            testDescription: "no database",
            illness: .init(configuration: ("define( 'DB_PASSWORD'", "define( 'DB_PASSWORD', 'wrong' );")), cause: "database_down"),
        Case(
            testDescription: "PHP dies", illness: .init(files: plugin("add_action( 'rest_api_init', 'no_such_function' );")),
            cause: "php_fatal"),
        Case(
            testDescription: "the plugin is not active",
            illness: .init(files: plugin("add_filter( 'option_active_plugins', '__return_empty_array' );")), cause: "rest_no_route",
            status: "dead"),
        Case(
            testDescription: "Authorization is stripped", illness: .init(nginx: "fastcgi_param HTTP_AUTHORIZATION \"\";"),
            cause: "none", check: "authorization_stripped", status: "done"),
        Case(
            testDescription: "application passwords are off",
            illness: .init(files: plugin("add_filter( 'wp_is_application_passwords_available', '__return_false' );")),
            cause: "gatepost_app_passwords_unavailable", status: "dead"),
        Case(
            testDescription: "it has moved", illness: .init(nginx: "return 301 https://www.example.com$request_uri;"), cause: "redirect"),
        Case(
            testDescription: "a login page",
            illness: .init(
                files: plugin("add_action( 'init', function () { echo '<form id=\"loginform\"></form>'; exit; } );")),
            cause: "not_wordpress_json"),
        Case(
            testDescription: "its plugin is old",
            illness: .init(
                files: plugin(
                    """
                    add_filter( 'rest_post_dispatch', function ( $answer ) {
                    $said = $answer->get_data();
                    if ( isset( $said['plugin_version'] ) ) { $answer->set_data( array( 'plugin_version' => '0.9.0' ) + $said ); }
                    return $answer; } );
                    """)), cause: "none", check: "plugin_old", status: "done"),
        Case(testDescription: "our clock is off", illness: .init(), cause: "none", check: "clock_off", status: "done", ahead: 120),
        Case(
            testDescription: "our clock is far off", illness: .init(), cause: "none", check: "gatepost_timestamp_wrong", status: "done",
            ahead: 600),
        Case(
            testDescription: "a token from the future", illness: .init(), cause: "gatepost_token_expired", status: "dead", ahead: 600,
            auth: "jwt"),
        Case(
            testDescription: "a firewall", illness: .init(nginx: "return 403;"), cause: "forbidden", status: "dead"),
    ])
    func isNamed(_ one: Case) async throws {
        let healthy = try await WordPressSite.up()
        let site = try await IllSite(of: healthy, one.illness)
        let told = await Result(catching: { try await diagnose(one, at: site.url, healthy.credentials) })
        try await site.remove()
        try told.get()
    }

    /// A token that WordPress has only the public key of.
    @Test func aKeyOfOursConvincesIt() async throws {
        let healthy = try await WordPressSite.up()
        let key = "aGF0ZXBvc3QtdGVzdC1rZXktb2YtMzItYnl0ZXMtISE="
        let settings = """
            add_filter( 'option_gatepost_settings', function ( $s ) {
            $s['public_keys'] = array( '2027 ' . base64_encode( sodium_crypto_sign_publickey( sodium_crypto_sign_seed_keypair( base64_decode( '\(key)' ) ) ) ) );
            return $s; } );
            """
        let site = try await IllSite(of: healthy, .init(files: Self.plugin(settings)))
        let told = await Result(catching: {
            let extra = healthy.credentials.merging(["JWT_PRIVATE_KEY": key]) { $1 }
            let sandbox = try await Sandbox(
                wordpress: site.url, extra: extra, yaml: "tenants:\n  acme:\n    auth: jwt\n    key-id: \"2027\"\n")
            let ingest = try await sandbox.ingest()
            #expect(try await sandbox.gatepost("check", "--connect").succeeded)
            #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
            try await sandbox.worker()
            #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 1)
            try await ingest.stop()
            try await sandbox.remove()
        })
        try await site.remove()
        try told.get()
    }

    private func diagnose(_ one: Case, at url: String, _ credentials: [String: String]) async throws {
        // The next try is far: this is about the first.
        let yaml = "worker:\n  retry-base: 3600s\ntenants:\n  acme:\n    auth: \(one.auth)\n"
        let sandbox = try await Sandbox(wordpress: url, extra: credentials, yaml: yaml)
        var clock: [String: String] = [:]
        if one.ahead != 0 {
            let faults = try await Faults(for: sandbox)
            try faults.putClock(by: one.ahead)
            clock = faults.environment
        }
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        try await sandbox.worker(clock)
        let job = try #require(try sandbox.rows("SELECT cause, status, attempts FROM job_execution").first)
        let found = "\(job["cause"] as String? ?? "none") \(job["status"] as String) \(job["attempts"] as Int)"
        #expect(found == "\(one.cause) \(one.status) \(one.tries)")
        let check = try await sandbox.gatepost("check", "--connect", extra: clock)
        #expect(check.status == .exited(1) && check.output.contains(one.check ?? one.cause), "\(check.output)")
        try await ingest.stop()
        try await sandbox.remove()
    }
}

extension Result where Failure == any Error {
    init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
