import Common
import Foundation

/// A request that somebody saved: HTTP as it goes over the wire, or an object as `verify --batch` takes it.
struct SavedRequest {
    var method = "POST"
    /// Absolute, or a path.
    var url = ""
    var headers = HeaderFields()
    var body: Bytes = []
    /// Header names with underscores, as they were written. nginx drops those headers, and so they are not among `headers`.
    var underscored: [String] = []
    /// From the object alone.
    var source: String?
    var secrets: [Secret] = []
    var now: Timestamp?

    init(_ bytes: Bytes) throws(Failure) {
        let first = bytes.first(where: { !ASCII.isBlank($0) && $0 != 0x0A && $0 != 0x0D })
        if first == UInt8(ascii: "{") {
            try read(object: bytes)
        } else {
            try read(http: bytes)
        }
    }

    /// Source and tenant as the path names them: `/api/webhooks/stripe/shop/ingest`.
    var named: (source: String?, tenant: String?) {
        let path = (url.range(of: "://").map { url[$0.upperBound...].drop { $0 != "/" } } ?? url[...]).prefix { $0 != "?" }
        var parts = path.split(separator: "/").map(String.init)
        guard parts.count >= 3, parts[0] == "api", parts[1] == "webhooks" else { return (nil, nil) }
        if parts.last == "ingest" { parts.removeLast() }
        return (parts.count > 2 ? parts[2] : nil, parts.count > 3 ? parts[3] : nil)
    }

    /// - Parameters:
    ///   - address: wins over what was saved.
    ///   - publicURL: as in the settings.
    func request(at address: String?, publicURL: String?) -> SignedRequest {
        let host = headers.text("host") ?? "localhost"
        let whole = url.contains("://") ? url : "https://\(host)\(url)"
        return SignedRequest(method: method, url: address ?? PublicURL.of(whole, base: publicURL), headers: headers, body: body)
    }

    // MARK: HTTP

    /// Start line and header lines end with CR LF or LF, an empty line behind them. The body is all that follows, byte for byte.
    private mutating func read(http bytes: Bytes) throws(Failure) {
        var rest = bytes[...]
        var isFirst = true
        while let end = rest.firstIndex(of: 0x0A) {
            var line = rest[..<end]
            rest = rest[(end + 1)...]
            if line.last == 0x0D { line.removeLast() }
            if line.isEmpty, !isFirst {
                body = Bytes(rest)
                return
            }
            if isFirst, readStart(String(decoding: line, as: UTF8.self)) {
                isFirst = false
                continue
            }
            isFirst = false
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
                throw Failure("the file is no request: expected header lines `Name: value`, then an empty line and the body", status: 2)
            }
            let name = String(decoding: line[..<colon], as: UTF8.self)
            guard !name.contains("_") else {
                underscored.append(name)
                continue
            }
            headers.append(name: line[..<colon], value: Bytes(ASCII.trimmed(line[(colon + 1)...])))
        }
        throw Failure("the file is no request: there is no empty line between its headers and the body", status: 2)
    }

    /// `POST /path HTTP/1.1`; may be missing.
    private mutating func readStart(_ line: String) -> Bool {
        let words = line.split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/") else { return false }
        (method, url) = (String(words[0]), String(words[1]))
        return true
    }

    // MARK: An object

    private mutating func read(object bytes: Bytes) throws(Failure) {
        guard let root = (try? JSONDocument(bytes))?.root, root["headers"]?.isObject == true else {
            throw Failure("the file is no request: expected an object with headers and body_base64, or HTTP", status: 2)
        }
        if let text = root["body_base64"]?.string {
            guard let decoded = Base64.decode(Bytes(text.utf8)) else { throw Failure("body_base64 is not base 64", status: 2) }
            body = decoded
        } else {
            body = Bytes((root["body"]?.string ?? "").utf8)
        }
        var names: [String] = []
        var fields = HeaderFields()
        root["headers"]?.forEachMember { name, value in
            let name = name.string ?? ""
            guard !name.contains("_") else { return names.append(name) }
            for text in value.isArray ? value.elements.map(\.scalarText) : [value.scalarText] {
                fields.append(name: name.utf8, value: Bytes((text ?? "").utf8))
            }
        }
        (headers, underscored) = (fields, names)
        method = root["method"]?.string ?? method
        url = root["url"]?.string ?? ""
        source = root["provider"]?.string
        secrets = (root["secrets"]?.elements ?? []).compactMap { $0.string.map { Secret($0) } }
        now = root["now_epoch"]?.double.flatMap { Timestamp(fractionalSeconds: $0) }
    }
}
