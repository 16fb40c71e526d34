import Common

/// An answer, ready to be written in CGI's form (RFC 3875, section 6).
struct PageResponse: Sendable {
    enum Caching: Equatable {
        /// Pages hold customers' data: no browser and no proxy keeps them.
        case never
        /// The address changes with the content.
        case forEver
    }

    var status = 200
    var contentType = "text/html; charset=utf-8"
    var body: Bytes = []
    var fields: [(name: String, value: String)] = []
    var caching = Caching.never
    /// What went wrong, for the log.
    var reason: String?

    /// The next page to ask for, by GET.
    static func seeOther(_ location: String) -> PageResponse {
        PageResponse(status: 303, contentType: "text/plain; charset=utf-8", fields: [("Location", location)])
    }

    /// Nothing but what this process serves itself: no inline script or style, no frame, no other site.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
        base-uri 'none'; frame-ancestors 'none'
        """

    /// A Referer within the pages alone; with `no-referrer` browsers would send forms with `Origin: null`.
    private static let protection: [(name: String, value: String)] = [
        ("Content-Security-Policy", policy), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("X-Robots-Tag", "noindex, nofollow"),
    ]

    func bytes(to request: PageRequest) -> Bytes {
        var text = "Status: \(status)\r\nContent-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n"
        text += "Cache-Control: \(caching == .never ? "no-store" : "public, max-age=31536000, immutable")\r\n"
        if !request.requestID.isEmpty { text += "X-Request-Id: \(request.requestID)\r\n" }
        for (name, value) in Self.protection + fields { text += "\(name): \(value)\r\n" }
        return Array("\(text)\r\n".utf8) + (request.method == "HEAD" ? [] : body)
    }
}
