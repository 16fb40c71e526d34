import Common
import Delivery
import Transport

/// One tenant's WordPress: reached, let in, the plugin active, its clock and ours together.
struct WordPressCheckup: Checkup {
    let tenant: TenantName
    let url: String
    let answer: Result<HTTPResponse, TransportError>
    /// When the answer was there.
    let now: Timestamp

    private var name: String { "wordpress \(tenant)" }

    var findings: [Finding] {
        switch answer {
        case .failure(let error):
            return [.fail(name, "\(url): \(error)", fix: "is it up, and does this machine reach it? curl -v \(url)/wp-json/")]
        case .success(let response):
            let body = (try? JSONDocument(response.body))?.root
            guard response.status == 200, let body, let version = body["plugin_version"]?.string else {
                return [refused(response, code: body?["code"]?.string)] + clock(response)
            }
            return [letsIn(version)] + orders(body) + clock(response)
        }
    }

    /// What the plugin says of itself; nil where it did not let us in.
    var plugin: JSONValue? {
        guard case .success(let response) = answer, response.status == 200, let body = (try? JSONDocument(response.body))?.root else {
            return nil
        }
        return body["plugin_version"] == nil ? nil : body
    }

    private func letsIn(_ version: String) -> Finding {
        let text = "plugin \(version.printable) at \(url) lets us in"
        guard Preflight.isOld(version) else { return .pass(name, text) }
        return .warn(
            name, "\(text), and is older than \(Preflight.leastPlugin)",
            fix: "upgrade it: gatepost-wordpress_*_all.deb, or gatepost-wordpress.zip under Plugins")
    }

    private func refused(_ response: HTTPResponse, code: String?) -> Finding {
        let said = "\(url) answers \(response.status)\(code.map { " (\($0.printable))" } ?? "")"
        switch (response.status, code) {
        case (404, "rest_no_route"?):
            return .fail(name, "\(said): the plugin is not active", fix: "activate Gatepost there, version 1.0.0 or later")
        case (404, _): return .fail(name, "\(said): no /wp-json/", fix: "Settings > Permalinks: anything but Plain; is the address right?")
        case (401, "gatepost_no_auth"?):
            return .fail(name, "\(said): no Authorization arrives", fix: "the web server there strips it; Apache: CGIPassAuth On")
        case (401, "gatepost_timestamp_wrong"?): return .fail(name, "\(said): the clocks differ", fix: "run NTP on both machines")
        case (401, _):
            return .fail(name, said, fix: "docs/operating.md, \"What a cause means\", names what to do for each code")
        case (300..<400, _):
            return .fail(
                name, "\(said), to \(response.header("location")?.printable ?? "nowhere")",
                fix: "set that address as tenants.\(tenant).wordpress")
        case (200..<300, _):
            return .fail(
                name, "\(said), and not by the plugin", fix: "a cache or a login page stands before it: let /wp-json/ai-guy/ through")
        default: return .fail(name, said, fix: "see the web server's and PHP's logs there")
        }
    }

    private func orders(_ body: JSONValue) -> [Finding] {
        func number(_ member: String) -> Int64 { body[member]?.scalarText.flatMap { Int64($0) } ?? 0 }
        if number("orders_failed") > 0 {
            return [
                .warn(
                    name, "\(number("orders_failed")) order events have failed there",
                    fix: "docs/operating.md, \"Processed, but the order is not there\"")
            ]
        }
        guard number("orders_pending") > 0, number("oldest_order_age_ms") > 600_000 else { return [] }
        let age = Age.words(number("oldest_order_age_ms") / 1000)
        return [.warn(name, "order events wait there since \(age)", fix: "does WP-Cron run? docs/operating.md")]
    }

    /// Signed times may be off by 300 s.
    private func clock(_ response: HTTPResponse) -> [Finding] {
        guard let date = response.header("date").flatMap(Timestamp.init(httpDate:)) else { return [] }
        let off = (now.milliseconds - date.milliseconds) / 1000
        let text = "this clock and that of \(url) differ by \(off.magnitude) s"
        if off.magnitude > 240 { return [.fail("clock", text, fix: "timedatectl set-ntp true; honest events are refused beyond 300 s")] }
        if off.magnitude > 30 { return [.warn("clock", text, fix: "timedatectl set-ntp true, on the machine that is wrong")] }
        return [.pass("clock", text)]
    }

    static func gather(_ tenant: TenantName, _ wordpress: Settings.WordPress, clock: WallClock) -> WordPressCheckup {
        let answer: Result<HTTPResponse, TransportError>
        do {
            answer = Exchange.run(try wordpress.statusRequest(now: clock.now()))
        } catch {
            answer = .failure(TransportError(kind: .other, text: "\(error)"))
        }
        return WordPressCheckup(tenant: tenant, url: wordpress.baseURL, answer: answer, now: clock.now())
    }
}

extension Settings.WordPress {
    /// `GET …/status` with the credentials that a push has. It has no body: the signature covers the route and the time.
    func statusRequest(now: Timestamp) throws(CryptoError) -> HTTPRequest {
        let time = String(now.milliseconds / 1000)
        let headers = try credentials(over: Bytes("GET /ai-guy/v1/status\n\(time)".utf8), for: ["status"], now: now)
        return HTTPRequest(
            method: "GET", url: "\(baseURL)/wp-json/ai-guy/v1/status",
            headers: headers + [("Accept", "application/json"), ("X-Gatepost-Timestamp", time)], caFile: caFile)
    }
}

extension Timestamp {
    /// `Tue, 14 Apr 2026 03:50:12 GMT` (RFC 9110, 5.6.7).
    init?(httpDate text: String) {
        let words = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else { return nil }
        self.init(rfc3339: "\(words[3])-\(month < 9 ? "0" : "")\(month + 1)-\(words[1])T\(words[4])Z")
    }
}
