import Foundation

/// How the address that the provider calls may differ from the one that we see.
enum URLVariants {
    struct Variant {
        /// Ends the sentence "it verifies …".
        let words: String
        let url: String
    }

    /// - Parameter headers: of the request, in which a proxy may have said what it was called by.
    static func all(of url: String, _ headers: HeaderFields = HeaderFields()) -> [Variant] {
        guard let parts = Parts(url) else { return [] }
        var list: [Variant] = []
        func add(_ words: String, _ change: (inout Parts) -> Void) {
            var changed = parts
            change(&changed)
            if changed.text != url, !list.contains(where: { $0.url == changed.text }) {
                list.append(Variant(words: words, url: changed.text))
            }
        }
        let other = parts.scheme == "https" ? "http" : "https"
        add("with \(other):// in the address") { $0.scheme = other }
        add("without the port in the address") { $0.port = nil }
        for port in ["443", "80", "8443", "8080"] { add("with port \(port) in the address") { $0.port = port } }
        add("with \(other):// and without the port in the address") { ($0.scheme, $0.port) = (other, nil) }
        for name in ["x-forwarded-host", "x-original-host", "host"] {
            guard let host = headers.single(name).flatMap(Self.plainHost) else { continue }
            for scheme in ["https", "http"] {
                add("with \(scheme):// and the host of the header \(name) in the address") { ($0.scheme, $0.authority) = (scheme, host) }
            }
        }
        add("with a slash at the end of the path") { $0.path += $0.path.hasSuffix("/") ? "" : "/" }
        add("without the slash at the end of the path") { if $0.path.hasSuffix("/") { $0.path.removeLast() } }
        add("without www. in the address") { if $0.host.hasPrefix("www.") { $0.host.removeFirst(4) } }
        add("with www. in the address") { if !$0.host.hasPrefix("www.") { $0.host = "www." + $0.host } }
        add("without the query") { $0.query = nil }
        add("with the query decoded") { $0.query = $0.query?.removingPercentEncoding }
        add("with the path decoded") { $0.path = $0.path.removingPercentEncoding ?? $0.path }
        add("with the host in lower case") { $0.host = $0.host.lowercased() }
        add("without /ingest at the end of the path") { if $0.path.hasSuffix("/ingest") { $0.path.removeLast(7) } }
        add("with /ingest at the end of the path") { if !$0.path.hasSuffix("/ingest") { $0.path += "/ingest" } }
        return list
    }

    /// The first of several; nil for what is no host with or without a port.
    private static func plainHost(_ value: Bytes) -> String? {
        let first = String(decoding: value.prefix { $0 != UInt8(ascii: ",") }, as: UTF8.self)
        let isPlain = first.utf8.allSatisfy { ASCII.isDigit($0) || (0x61...0x7A).contains($0 | 0x20) || [0x2D, 0x2E, 0x3A].contains($0) }
        return isPlain && (1...253).contains(first.utf8.count) ? first : nil
    }

    private struct Parts {
        var scheme, host, path: String
        var port, query: String?

        init?(_ url: String) {
            guard let mark = url.range(of: "://") else { return nil }
            scheme = String(url[..<mark.lowerBound])
            let rest = url[mark.upperBound...]
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            (host, port) = ("", nil)
            let target = rest[end...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            path = String(target.first ?? "")
            query = target.count == 2 ? String(target[1]) : nil
            authority = String(rest[..<end])
        }

        /// Host and port.
        var authority: String {
            get { host + (port.map { ":\($0)" } ?? "") }
            set {
                let pieces = newValue.split(separator: ":", maxSplits: 1)
                host = pieces.first.map(String.init) ?? ""
                port = pieces.count == 2 ? String(pieces[1]) : nil
            }
        }

        var text: String { "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")\(path)\(query.map { "?\($0)" } ?? "")" }
    }
}
