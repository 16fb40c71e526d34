import Common
import Foundation

/// The real WordPress with the plugin active, made by `scripts/wordpress-site`; started here where the runner has not done so.
struct WordPressSite: Sendable {
    let url: String
    private let settings: [String: String]

    static func up() async throws -> WordPressSite {
        let given = ProcessInfo.processInfo.environment["GATEPOST_TEST_SITE"]
        let folder = given ?? Programs.tree.appending(path: ".build/wordpress-site").path
        if given == nil {
            let made = try await finish(Programs.tree.appending(path: "scripts/wordpress-site").path, ["up", folder])
            guard made.succeeded else { throw TestFailure("no WordPress site: \(made.errors)") }
        }
        let text = try String(contentsOfFile: "\(folder)/env", encoding: .utf8)
        var settings: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { settings[parts[0]] = parts[1] }
        }
        guard let url = settings["WORDPRESS_BASE_URL"] else { throw TestFailure("\(folder)/env names no WORDPRESS_BASE_URL") }
        return WordPressSite(url: url, settings: settings)
    }

    /// What the worker needs to be let in.
    var credentials: [String: String] {
        settings.filter { ["WORDPRESS_USER", "WORDPRESS_APP_PASSWORD", "HMAC_SHARED_SECRET"].contains($0.key) }
    }

    func setting(_ name: String) throws -> String {
        guard let value = settings[name] else { throw TestFailure("no \(name)") }
        return value
    }

    /// Runs PHP inside WordPress; `$argument` holds the argument. Gives what it prints.
    func php(_ code: String, _ argument: String = "") async throws -> String {
        guard let root = settings["WORDPRESS_ROOT"] else { throw TestFailure("no WORDPRESS_ROOT") }
        let script = "require '\(root)/wp-load.php'; $argument = $argv[1]; \(code)"
        let done = try await finish("/usr/bin/php", ["-r", script, "--", argument])
        guard done.succeeded else { throw TestFailure("php: \(done.errors)") }
        return done.output
    }

    /// `ID display_name` of the user with that address; empty where there is none.
    func user(_ email: String) async throws -> String {
        try await php("$u = get_user_by('email', $argument); if ($u) echo $u->ID, ' ', $u->display_name;", email)
    }

    /// How many order events the plugin has of a provider's person, and how many of them are worked on.
    func orders(of actor: String) async throws -> String {
        try await php(
            """
            global $wpdb; echo $wpdb->get_var($wpdb->prepare(
              "SELECT CONCAT(COUNT(*), ' ', COALESCE(SUM(status = 'done'), 0)) FROM {$wpdb->prefix}gatepost_orders WHERE payload LIKE %s",
              '%' . $wpdb->esc_like($argument) . '%'));
            """, actor)
    }

    /// How many events the plugin has done under a key; empty where it does not know the key.
    func eventCount(ofKey key: String) async throws -> String {
        try await php(
            """
            global $wpdb;
            echo $wpdb->get_var($wpdb->prepare("SELECT event_count FROM {$wpdb->prefix}gatepost_keys WHERE idempotency_key = %s", $argument));
            """, key)
    }
}
