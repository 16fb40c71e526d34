import Common

/// A request without its body, as the web server hands it over.
struct RequestHead: Sendable {
    var method = ""
    /// Without query: `/api/webhooks/stripe/ingest`.
    var path = ""
    /// Scheme, host and path with query as nginx saw it, for schemes that sign the URL.
    var url = ""
    /// Media type without parameters, in lower case; empty where the sender named none.
    var mediaType = ""
    /// Nil where it is missing or no number.
    var contentLength: Int?
    /// nginx's word on whose request this is.
    var tenant: String?
    var remoteAddress: String?
    var requestID = ""
    var headers = HeaderFields()
    /// Too many header fields, or too long ones: what there is of them is not to be relied on.
    var isOverlong = false

    /// The source that the path names, known or not; nil for other paths.
    var source: String? {
        let parts = path.split(separator: "/", maxSplits: 3)
        return parts.count > 2 && parts[0] == "api" && parts[1] == "webhooks" ? SourceName(parts[2])?.description : nil
    }

    var userAgent: String? { headers.single("user-agent").map { String(decoding: $0, as: UTF8.self) } }
    var traceparent: String? { headers.single("traceparent").map { String(decoding: $0, as: UTF8.self) } }

    /// nginx itself allows 32 KiB of header (`large_client_header_buffers`).
    static let mostHeaderFields = 128
    static let mostHeaderBytes = 32 * 1024

    /// - Parameters:
    ///   - parameters: CGI's meta-variables (RFC 3875, 4.1) as `(name, value)`.
    ///   - newID: stands in where the web server gave no usable request id.
    init(parameters: some Sequence<(name: Bytes, value: Bytes)>, newID: () -> String) {
        var bytes = 0
        var known: [String: String] = [:]
        for (name, value) in parameters {
            if name.starts(with: "HTTP_".utf8) {
                bytes += name.count + value.count
                guard headers.fields.count < Self.mostHeaderFields, bytes <= Self.mostHeaderBytes else {
                    isOverlong = true
                    continue
                }
                headers.append(name: name.dropFirst(5), value: value)
            } else {
                known[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
            }
        }
        method = known["REQUEST_METHOD"] ?? ""
        let target = known["REQUEST_URI"] ?? known["PATH_INFO"] ?? ""
        let pathInfo = known["PATH_INFO"] ?? ""
        path = pathInfo.isEmpty ? String(target.prefix { $0 != "?" }) : pathInfo
        mediaType = MediaType.name(of: known["CONTENT_TYPE"] ?? "")
        // CGI gives it a name of its own; nginx sends it twice.
        if headers.values(of: "content-type").isEmpty, let type = known["CONTENT_TYPE"], !type.isEmpty {
            headers.append(name: "content-type".utf8, value: Bytes(type.utf8))
        }
        contentLength = Int64(decimalDigits: (known["CONTENT_LENGTH"] ?? "").utf8).map(Int.init)
        tenant = known["GATEPOST_TENANT"].flatMap { $0.isEmpty ? nil : $0 }
        remoteAddress = known["REMOTE_ADDR"]
        requestID = known["GATEPOST_REQUEST_ID"].flatMap { Self.isUsable(id: $0) ? $0 : nil } ?? newID()
        let isTLS = known["HTTPS"].map { $0 == "on" || $0 == "1" } ?? false
        let host = headers.single("host").map { String(decoding: $0, as: UTF8.self) } ?? known["SERVER_NAME"] ?? ""
        url = "\(isTLS || known["REQUEST_SCHEME"] == "https" ? "https" : "http")://\(host)\(target)"
    }

    /// It goes into a header and a log line: 8 to 64 letters, digits and dashes.
    private static func isUsable(id: String) -> Bool {
        (8...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: "-") || (0x61...0x7A).contains(ASCII.lowercased($0)) }
    }
}
