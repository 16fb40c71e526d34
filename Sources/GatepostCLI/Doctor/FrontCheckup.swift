import Common
import Foundation
import Transport

/// What a provider meets: the socket, nginx, TLS.
struct FrontCheckup: Checkup {
    enum Socket: Equatable {
        case missing
        /// There, and nobody takes a connection.
        case refuses
        case accepts
        /// This user may not connect; nginx may.
        case closedToUs
    }

    let socketPath: String
    let socket: Socket
    let nginxRuns: Bool
    /// Nil: the settings name none.
    var publicURL: String?
    /// Of `/healthz` there.
    var health: Result<HTTPResponse, TransportError>?
    /// When the certificate ends; nil for plain http, or where it was not to be had.
    var certificateEnds: Timestamp?
    let now: Timestamp

    var findings: [Finding] { [socketFinding, nginxFinding] + (publicURL.map { [reached($0)] + certificate($0) } ?? [unnamed]) }

    private var socketFinding: Finding {
        switch socket {
        case .accepts: .pass("socket", "\(socketPath) takes connections")
        case .closedToUs: .pass("socket", "\(socketPath) is there, for nginx alone")
        case .refuses:
            .fail("socket", "\(socketPath) takes no connection", fix: "systemctl restart gatepost-ingest; journalctl -u gatepost-ingest")
        case .missing:
            .fail("socket", "there is no \(socketPath)", fix: "systemctl enable --now gatepost-ingest.socket; elsewhere: --socket PATH")
        }
    }

    private var nginxFinding: Finding {
        nginxRuns
            ? .pass("nginx", "nginx is running")
            : .warn("nginx", "no nginx is running", fix: "systemctl start nginx; behind another web server this does not matter")
    }

    private var unnamed: Finding {
        .skip("public address", "the settings name no public-url", fix: "set public-url, so that the doctor can go the way of a provider")
    }

    private func reached(_ url: String) -> Finding {
        switch health {
        case .success(let answer) where answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("\"status\":\"ok\""):
            .pass("public address", "\(url)/healthz answers 200")
        case .success(let answer) where answer.status == 503:
            .fail(
                "public address", "\(url)/healthz answers 503", fix: "journalctl -u gatepost-ingest: store or disk, or ingest does not run")
        case .success(let answer):
            .fail(
                "public address", "\(url)/healthz answers \(answer.status), and not as Gatepost does",
                fix: "is the site enabled in nginx, with snippets/gatepost-webhooks.conf in it?")
        case .failure(let error):
            .fail("public address", "\(url): \(error)", fix: Self.fix(for: error.kind))
        case nil: .skip("public address", "\(url) was not asked")
        }
    }

    private func certificate(_ url: String) -> [Finding] {
        guard url.hasPrefix("https://") else {
            return [.warn("certificate", "public-url is plain http", fix: "providers' secrets would cross the wire in clear: use https")]
        }
        guard let ends = certificateEnds else { return [] }
        let days = (ends.milliseconds - now.milliseconds) / 86_400_000
        let text = "the certificate ends in \(days) days, \(ends.description.prefix(10))"
        if days < 7 { return [.fail("certificate", text, fix: "certbot renew; does its timer run?")] }
        if days < 20 { return [.warn("certificate", text, fix: "certbot renew --dry-run; does its timer run?")] }
        return [.pass("certificate", text)]
    }

    private static func fix(for kind: TransportError.Kind) -> String {
        switch kind {
        case .dns: "the name does not resolve here: DNS, or /etc/hosts"
        case .connect, .timeout: "does nginx listen there, and does the firewall let it through?"
        case .tls: "the certificate: right name, whole chain, not expired?"
        case .reset, .other: "nginx's error log"
        }
    }
}

extension Timestamp {
    /// As OpenSSL writes a certificate's times: `Feb 20 12:00:00 2027 GMT`.
    init?(certificateTime text: String) {
        let words = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 5, words[4] == "GMT", let month = months.firstIndex(of: String(words[0])) else { return nil }
        func two(_ text: some StringProtocol) -> String { text.count == 1 ? "0\(text)" : String(text) }
        self.init(rfc3339: "\(words[3])-\(two(String(month + 1)))-\(two(words[1]))T\(two(words[2]))Z")
    }
}
