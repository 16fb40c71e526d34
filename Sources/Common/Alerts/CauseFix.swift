/// What to mend when pushes fail with a cause, in half a sentence. `docs/operating.md` says more.
public enum CauseFix {
    public static func text(_ cause: String) -> String {
        switch cause {
        case "gatepost_signature_wrong": "make HMAC_SHARED_SECRET here and the shared secret in Settings > Gatepost there the same"
        case "gatepost_signature_not_configured": "enter the shared secret in Settings > Gatepost there"
        case "gatepost_app_password_wrong": "set WORDPRESS_USER and WORDPRESS_APP_PASSWORD to a new application password"
        case "gatepost_app_passwords_unavailable": "have WordPress see HTTPS, and nothing switch application passwords off"
        case "gatepost_token_wrong": "make WORDPRESS_TOKEN and the token in Settings > Gatepost there the same"
        case "gatepost_no_auth": "set a credential here, and let the web server there pass Authorization on"
        case "gatepost_auth_insufficient": "use the way of authentication that Settings > Gatepost there asks for"
        case "not_authorised": "let /wp-json/ai-guy/ through what asks for a password before WordPress"
        case "forbidden": "let this machine's address through the firewall there; the user needs the role Gatepost gateway"
        case "rest_no_route": "activate the plugin there"
        case "redirect": "set the address it redirects to as the tenant's wordpress"
        case "not_wordpress_json": "let /wp-json/ai-guy/ through the cache, login or coming-soon page before it"
        case "maintenance": "remove a stale .maintenance file there"
        case "rate_limited": "raise the plugin's requests a minute, or the firewall's"
        case "timeout": "see why the site is slow, or lower worker.batch-size"
        case "connect": "see that the web server there is up and that no firewall stands between"
        case "dns": "see that its name resolves here"
        case "tls": "renew the certificate there"
        case "reset": "see PHP's error log there"
        case "tampered": "see who else writes to the store's file, and restore the event from a backup"
        case "key_lost": "have the provider send the events again"
        case "source_unknown": "put the source back into the settings"
        case "poison": "keep the event and report it"
        default: "see what the dead letters say, and the logs of WordPress and PHP there"
        }
    }

    /// For a command line; a cause that somebody else has worded strangely is left out of it.
    static func option(_ cause: String) -> String {
        let isPlain = cause.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_")
        }
        return isPlain && !cause.isEmpty && cause != "unknown" ? " --cause \(cause)" : ""
    }
}
