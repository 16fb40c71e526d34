import Foundation

/// A mail as it goes over SMTP (RFC 5322): header, empty line, text; lines end in CR LF.
public enum MailText {
    /// - Parameters:
    ///   - from, to: checked addresses.
    ///   - id: never used before; letters, digits, dashes.
    public static func make(_ message: AlertMessage, from: String, to: [String], host: String, id: String, now: Timestamp) -> Bytes {
        let domain = from.split(separator: "@").last.map(String.init) ?? "localhost"
        let header = [
            "From: Gatepost <\(from)>", "To: \(to.joined(separator: ",\r\n "))", "Subject: \(subject(message.title))", "Date: \(date(now))",
            "Message-ID: <\(id)@\(domain)>", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: 8bit", "Auto-Submitted: auto-generated", "X-Gatepost-Host: \(plain(host))",
        ]
        let lines = message.text.split(separator: "\n", omittingEmptySubsequences: false).map(short)
        return Bytes((header + [""] + lines).joined(separator: "\r\n").utf8)
    }

    /// One line, whatever stood in it, and of the length that mail readers show.
    private static func subject(_ text: String) -> String { String(plain(text).prefix(200)) }

    private static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? $0 : "?" }))
    }

    /// RFC 5321, 4.5.3.1.6: a line has at most 998 bytes. A bare CR ends none.
    private static func short(_ line: Substring) -> String { String(line.replacing("\r", with: "").prefix(240)) }

    private static func date(_ moment: Timestamp) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return format.string(from: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000))
    }
}
