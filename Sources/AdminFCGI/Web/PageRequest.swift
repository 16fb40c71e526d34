import Common

/// A request as the web server hands it over, its body included.
struct PageRequest: Sendable {
    /// What a form of ours may bring: a page's worth of ids, and a reason in words.
    static let mostBodyBytes = 64 << 10

    var method = "GET"
    /// Without query: `/admin/events`.
    var path = "/"
    var query = PageFields()
    /// Nil where it is missing or no number.
    var contentLength: Int?
    var mediaType = ""
    var body: Bytes = []
    /// Who asks, as the web server has found out. Nil where it asks nobody for a name.
    var user: String?
    var remoteAddress: String?
    var requestID = ""
    /// Scheme and host as the browser sees them: `https://hooks.example.com`.
    var origin = ""
    /// The page that a browser says it comes from; nil for what is no browser.
    var claimedOrigin: String?
    /// `same-origin`, `cross-site`, …; browsers before 2020 don't say.
    var fetchSite: String?
    /// The content hash that the browser has.
    var ifNoneMatch: String?

    init() {}

    /// - Parameter parameters: CGI's meta-variables (RFC 3875, 4.1).
    init(parameters: [String: String]) {
        func text(_ name: String) -> String? { parameters[name].flatMap { $0.isEmpty ? nil : $0 } }
        method = text("REQUEST_METHOD") ?? "GET"
        let target = text("REQUEST_URI") ?? "/"
        path = text("PATH_INFO") ?? String(target.prefix { $0 != "?" })
        query = PageFields(encoded: text("QUERY_STRING") ?? "")
        contentLength = text("CONTENT_LENGTH").flatMap { Int64(decimalDigits: Bytes($0.utf8)) }.map(Int.init)
        mediaType = MediaType.name(of: text("CONTENT_TYPE") ?? "")
        user = text("REMOTE_USER").map { String($0.prefix(200)) }
        remoteAddress = text("REMOTE_ADDR")
        requestID = text("GATEPOST_REQUEST_ID") ?? ""
        let isTLS = text("HTTPS") == "on" || text("REQUEST_SCHEME") == "https"
        origin = "\(isTLS ? "https" : "http")://\(text("HTTP_HOST") ?? text("SERVER_NAME") ?? "localhost")"
        claimedOrigin = text("HTTP_ORIGIN")
        fetchSite = text("HTTP_SEC_FETCH_SITE")
        ifNoneMatch = text("HTTP_IF_NONE_MATCH")
    }

    /// The fields of a posted form; empty for what is none.
    var form: PageFields {
        mediaType == "application/x-www-form-urlencoded" ? PageFields(encoded: String(decoding: body, as: UTF8.self)) : PageFields()
    }
}
