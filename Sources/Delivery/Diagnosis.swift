import Common
import Transport

/// From a whole request's refusal to its cause, and a sentence that says where it is and what to do.
public enum Diagnosis {
    public static func failure(of response: HTTPResponse, at site: String) -> PushFailure {
        let code = (try? JSONDocument(response.body))?.root["code"]?.string
        let (cause, text) = words(response, code: code, site)
        return PushFailure(cause: cause, text: text, httpStatus: response.status)
    }

    /// No answer at all.
    public static func failure(of error: TransportError, at site: String) -> PushFailure {
        let said = error.text.lowercased()
        guard error.kind == .tls else { return PushFailure(cause: error.kind.cause, text: error.text) }
        let (cause, text): (String, String) =
            if said.contains("expired") {
                ("tls_expired", "the certificate of \(site) has expired; renew it there")
            } else if said.contains("subject name") || said.contains("hostname") {
                ("tls_name", "the certificate of \(site) is for another name; get one for it, or mend the tenant's address")
            } else if said.contains("issuer") || said.contains("self-signed") || said.contains("self signed") {
                (
                    "tls_untrusted",
                    "nobody that this machine trusts has signed the certificate of \(site); a CA of your own goes into ca-file"
                )
            } else {
                ("tls", error.text)
            }
        return PushFailure(cause: cause, text: text == error.text ? text : "\(text) (\(error.text))")
    }

    private static func words(_ response: HTTPResponse, code: String?, _ site: String) -> (cause: String, text: String) {
        let said = code.map { " (\($0))" } ?? ""
        switch response.status {
        case 200..<300:
            return (
                "not_wordpress_json",
                "\(site) answers \(response.status), but not with the plugin's JSON; a cache, a login page or a firewall stands before it"
            )
        case 300..<400:
            let place = response.header("location") ?? "nowhere"
            return ("redirect", "\(site) redirects to \(place); set that address as the tenant's wordpress")
        case 401: return credentials(code, site)
        case 403: return ("forbidden", "\(site), or a firewall before it, forbids the request\(said); allow this machine's address there")
        case 404 where code == "rest_no_route":
            return (
                "rest_no_route",
                "the Gatepost plugin is not active at \(site); activate it, then gatepost dlq retry --all --cause rest_no_route"
            )
        case 404:
            return ("http_404", "\(site) has no /wp-json/; check the tenant's address, and that permalinks are not \"Plain\"\(said)")
        case 429: return ("rate_limited", "\(site) takes no more requests for now\(said)")
        case 500 where code == "internal_server_error":
            return (
                "php_fatal", "PHP dies on the request at \(site) (\(code ?? "")); see its PHP error log, and which plugin was changed last"
            )
        case 500 where response.contains("Error establishing a database connection"):
            return ("database_down", "\(site) does not reach its database; see MariaDB there, and DB_HOST in wp-config.php")
        case 502, 504: return ("http_\(response.status)", "the web server of \(site) gets no answer from PHP; see php-fpm there")
        case 503 where response.header("retry-after") != nil:
            return ("maintenance", "\(site) is in maintenance mode\(said); if it stays so, remove .maintenance there")
        default: return ("http_\(response.status)", "\(site) answers \(response.status)\(said); see its PHP error log")
        }
    }

    /// The plugin says which credential it was.
    private static func credentials(_ code: String?, _ site: String) -> (cause: String, text: String) {
        let fix =
            switch code {
            case "gatepost_signature_wrong": "the shared secrets differ: HMAC_SHARED_SECRET here, Settings > Gatepost there"
            case "gatepost_app_password_wrong": "WORDPRESS_USER or WORDPRESS_APP_PASSWORD is wrong"
            case "gatepost_app_passwords_unavailable": "Application Passwords are switched off there; they need HTTPS"
            case "gatepost_token_wrong": "WORDPRESS_TOKEN, or the secret that a JWT is signed with, is not the one that is set there"
            case "gatepost_timestamp_wrong": "the clocks differ by more than five minutes; see timedatectl on both machines"
            case "gatepost_no_auth": "no credential arrived: none is set here, or the web server there strips Authorization"
            default: "check user, application password and shared secret"
            }
        guard let code, code.hasPrefix("gatepost_") else {
            return ("not_authorised", "\(site) does not accept our credentials (\(code ?? "no reason given")); \(fix)")
        }
        return (code, "\(site) does not accept our credentials; \(fix)")
    }
}

extension HTTPResponse {
    /// Whether the words stand in the first 64 KiB of the body.
    fileprivate func contains(_ words: String) -> Bool { String(decoding: body.prefix(64 << 10), as: UTF8.self).contains(words) }
}

extension TransportError.Kind {
    var cause: String {
        switch self {
        case .dns: "dns"
        case .connect: "connect"
        case .tls: "tls"
        case .timeout: "timeout"
        case .reset: "reset"
        case .other: "transport"
        }
    }
}
