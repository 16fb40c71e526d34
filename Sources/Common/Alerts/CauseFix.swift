/// What to mend when pushes fail with a cause, in half a sentence. `docs/operating.md` says more.
public enum CauseFix {
    public static func text(_ cause: String) -> String {
        texts[cause] ?? "see what the dead letters say, and the logs of WordPress and PHP there"
    }

    static let texts = [
        // All requests, by the plugin.
        "gatepost_signature_wrong": "make HMAC_SHARED_SECRET here and the shared secret in Settings > Gatepost there the same",
        "gatepost_signature_not_configured": "enter the shared secret in Settings > Gatepost there",
        "gatepost_app_password_wrong": "set WORDPRESS_USER and WORDPRESS_APP_PASSWORD to a new application password",
        "gatepost_app_passwords_unavailable": "have WordPress see HTTPS, and nothing switch application passwords off",
        "gatepost_token_wrong": "make WORDPRESS_TOKEN, or what signs a JWT, and Settings > Gatepost there the same",
        "gatepost_token_expired": "set both clocks: timedatectl",
        "gatepost_timestamp_wrong": "set both clocks: timedatectl",
        "gatepost_no_auth": "set a credential here, and let the web server there pass Authorization on",
        "gatepost_auth_insufficient": "use the way of authentication that Settings > Gatepost there asks for",
        "gatepost_scheme_unknown": "see what on the way writes another Authorization header",
        "gatepost_not_allowed": "give the user there the role Gatepost gateway",
        "gatepost_ip_not_allowed": "put this machine's address on the list in Settings > Gatepost there",
        "gatepost_scope_missing": "update the plugin there: it wants a scope that this version does not name",
        // Single events, by the plugin.
        "gatepost_invalid": "see which field: what the source sends does not fit the plugin's schema",
        "gatepost_actor_missing": "route events that name nobody to order-event or keep",
        "gatepost_user_unknown": "allow it to create users in Settings > Gatepost there, or discard them",
        "gatepost_user_not_created": "see which plugin there refuses the user",
        "gatepost_user_not_updated": "see which plugin there refuses the change",
        "gatepost_email_taken": "join the two users there, or discard them",
        "gatepost_item_failed": "see PHP's error log there: often it is another plugin",
        "gatepost_database_error": "see PHP's error log there, and Tools > Site Health",
        "gatepost_database_busy": "see what holds locks in the database there",
        // All requests, by what stands before the plugin.
        "not_authorised": "let /wp-json/ai-guy/ through what asks for a password before WordPress",
        "forbidden": "let this machine's address through the firewall there; the user needs the role Gatepost gateway",
        "rest_no_route": "activate the plugin there",
        "redirect": "set the address it redirects to as the tenant's wordpress",
        "not_wordpress_json": "let /wp-json/ai-guy/ through the cache, login or coming-soon page before it",
        "maintenance": "remove a stale .maintenance file there",
        "rate_limited": "raise the plugin's requests a minute, or the firewall's",
        "php_fatal": "see PHP's error log there, and the plugin or theme that was changed last",
        "database_down": "see MariaDB there, and DB_HOST in wp-config.php",
        "timeout": "see why the site is slow, or lower worker.batch-size",
        "connect": "see that the web server there is up and that no firewall stands between",
        "dns": "see that its name resolves here",
        "tls": "see why the handshake fails: curl -v",
        "tls_expired": "renew the certificate there",
        "tls_name": "get a certificate for that name, or mend the tenant's address",
        "tls_untrusted": "mend the chain there, or name the authority in the tenant's ca-file",
        "reset": "see PHP's error log there",
        "transport": "see the text of the dead letters",
        // Here.
        "tampered": "see who else writes to the store's file, and restore the event from a backup",
        "key_lost": "have the provider send the events again",
        "source_unknown": "put the source back into the settings",
        "poison": "keep the event and report it",
        "worker_died": "keep the event and report it, with the worker's journal",
    ]

    /// For a command line; a cause that somebody else has worded strangely is left out of it.
    static func option(_ cause: String) -> String {
        let isPlain = cause.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_")
        }
        return isPlain && !cause.isEmpty && cause != "unknown" ? " --cause \(cause)" : ""
    }
}
