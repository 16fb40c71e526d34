import Common
import Foundation

/// A request without its body, as the web server hands it over. A class: some twenty texts that pass from hand to hand.
final class RequestHead: Sendable {
    let method: String
    /// Without query: `/api/webhooks/stripe/ingest`.
    let path: String
    /// Scheme, host and path with query as nginx saw it, for schemes that sign the URL. Made when asked for: most do not.
    var url: String { "\(isTLS ? "https" : "http")://\(headers.text("host") ?? serverName)\(target)" }
    /// Media type without parameters, in lower case; empty where the sender named none.
    let mediaType: String
    /// Nil where it is missing or no number.
    let contentLength: Int?
    /// nginx's word on whose request this is.
    let tenant: String?
    let remoteAddress: String?
    let requestID: String
    let headers: HeaderFields
    /// Too many header fields, or too long ones: what there is of them is not to be relied on.
    let isOverlong: Bool
    /// Path and query.
    private let target: String
    private let serverName: String
    private let isTLS: Bool

    /// The source that the path names, known or not; nil for other paths.
    var source: String? {
        let parts = path.split(separator: "/", maxSplits: 3)
        return parts.count > 2 && parts[0] == "api" && parts[1] == "webhooks" ? SourceName(parts[2])?.description : nil
    }

    var userAgent: String? { headers.text("user-agent") }
    var traceparent: String? { headers.text("traceparent") }

    /// nginx itself allows 32 KiB of header (`large_client_header_buffers`).
    static let mostHeaderFields = 128
    static let mostHeaderBytes = 32 * 1024

    /// - Parameters:
    ///   - parameters: CGI's meta-variables (RFC 3875, 4.1); of a name that stands twice the last counts.
    ///   - newID: stands in where the web server gave no usable request id.
    convenience init(parameters: ParameterList, newID: () -> String) {
        var reading = Reading()
        for (name, value) in parameters { reading.take(name, value) }
        self.init(&reading, newID)
    }

    convenience init(parameters: some Sequence<(name: Bytes, value: Bytes)>, newID: () -> String) {
        var reading = Reading()
        for (name, value) in parameters {
            name.withUnsafeBytes { name in value.withUnsafeBytes { reading.take(name, $0) } }
        }
        self.init(&reading, newID)
    }

    /// Takes the header fields out of `reading`: two owners of one buffer would make the next change a copy.
    private init(_ reading: inout Reading, _ newID: () -> String) {
        (method, mediaType, contentLength) = (reading.method, reading.mediaType, reading.contentLength)
        (tenant, remoteAddress, isOverlong) = (reading.tenant, reading.remoteAddress, reading.isOverlong)
        (serverName, isTLS) = (reading.serverName, reading.isTLS)
        target = reading.requestURI ?? reading.pathInfo
        path = reading.pathInfo.isEmpty ? String(target.prefix { $0 != "?" }) : reading.pathInfo
        // CGI gives it a name of its own; nginx sends it twice.
        if !reading.contentType.isEmpty, !reading.headers.contains("content-type") {
            reading.headers.append(name: "content-type".utf8, value: reading.contentType.utf8)
        }
        headers = reading.headers
        requestID = reading.requestID ?? newID()
    }

    /// What of the meta-variables counts, as they come.
    private struct Reading {
        var method = ""
        var requestURI: String?
        var pathInfo = ""
        var contentType = ""
        var mediaType = ""
        var contentLength: Int?
        var tenant: String?
        var remoteAddress: String?
        var requestID: String?
        var serverName = ""
        var headers = HeaderFields()
        var isOverlong = false
        private var bytes = 0
        private var isHTTPS = false
        private var schemeIsHTTPS = false

        var isTLS: Bool { isHTTPS || schemeIsHTTPS }

        init() { headers.reserve(fields: 24, bytes: 1024) }

        mutating func take(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
            guard let start = name.baseAddress else { return }
            if name.count >= 5, memcmp(start, "HTTP_", 5) == 0 { return takeHeader(name, value) }
            var text: String { String(decoding: value, as: UTF8.self) }
            func isNamed(_ expected: StaticString) -> Bool {
                name.count == expected.utf8CodeUnitCount && memcmp(start, expected.utf8Start, name.count) == 0
            }
            if isNamed("REQUEST_METHOD") {
                method = text
            } else if isNamed("REQUEST_URI") {
                requestURI = text
            } else if isNamed("PATH_INFO") {
                // Mostly the same text: without a query, and with nothing escaped.
                if let requestURI, requestURI.isSame(as: value) { pathInfo = requestURI } else { pathInfo = text }
            } else if isNamed("CONTENT_TYPE") {
                contentType = text
                mediaType = MediaType.name(of: contentType)
            } else if isNamed("CONTENT_LENGTH") {
                contentLength = Int64(decimalDigits: value).map(Int.init)
            } else if isNamed("GATEPOST_TENANT") {
                tenant = value.isEmpty ? nil : text
            } else if isNamed("GATEPOST_REQUEST_ID") {
                requestID = RequestHead.isUsable(id: value) ? text : nil
            } else if isNamed("REMOTE_ADDR") {
                remoteAddress = text
            } else if isNamed("SERVER_NAME") {
                serverName = text
            } else if isNamed("HTTPS") {
                isHTTPS = value.elementsEqual("on".utf8) || value.elementsEqual("1".utf8)
            } else if isNamed("REQUEST_SCHEME") {
                schemeIsHTTPS = value.elementsEqual("https".utf8)
            }
        }

        private mutating func takeHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
            bytes += name.count + value.count
            guard headers.count < RequestHead.mostHeaderFields, bytes <= RequestHead.mostHeaderBytes else {
                isOverlong = true
                return
            }
            headers.append(name: UnsafeRawBufferPointer(rebasing: name.dropFirst(5)), value: value)
        }
    }

    /// It goes into a header and a log line: 8 to 64 letters, digits and dashes.
    fileprivate static func isUsable(id: UnsafeRawBufferPointer) -> Bool {
        guard (8...64).contains(id.count) else { return false }
        for byte in id where !(ASCII.isDigit(byte) || byte == UInt8(ascii: "-") || ASCII.lowercased(byte) &- 0x61 < 26) { return false }
        return true
    }
}
