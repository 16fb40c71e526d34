import Foundation

/// A base URL that may carry credentials: https, or http to this machine. Without user, query or fragment; no slash at its end.
public struct WebAddress: Sendable, Equatable {
    public let text: String
    public let host: String

    public static let expectation = "expected https://host/path (http only to 127.0.0.1, ::1 or localhost), without user, query or fragment"

    /// `, found "…"`, unless a password may stand in it.
    static func found(_ text: String) -> String { text.contains("@") ? "" : ", found \"\(text)\"" }

    public init?(_ text: String) {
        // Foundation would encode a blank or a line end rather than refuse it, and the text is used as it stands.
        guard let parts = URLComponents(string: text, encodingInvalidCharacters: false), let scheme = parts.scheme?.lowercased(),
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil,
            (1...65_535).contains(parts.port ?? 443)
        else { return nil }
        guard scheme == "https" || scheme == "http" && Self.isLoopback(host) else { return nil }
        self.text = String(text.reversed().drop { $0 == "/" }.reversed())
        self.host = host
    }

    static func isLoopback(_ host: String) -> Bool {
        let name = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).lowercased()
        if name == "localhost" || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
