import Foundation
import Synchronization

/// An SMTP server on 127.0.0.1 with as much of the protocol as one client needs. Remembers what it was told.
final class MailHost: Sendable {
    let port: Int
    private let socket: Int32
    private let seen = Mutex<(lines: [String], mails: [String])>(([], []))
    /// What it says to DATA.
    private let verdict = Mutex("354 go on")

    init() throws {
        (socket, port) = try Loopback.listen()
        Thread.detachNewThread { [self] in
            while true {
                let connection = Glibc.accept(socket, nil, nil)
                guard connection >= 0 else { return }
                serve(connection)
            }
        }
    }

    func close() { shutdown(socket, Int32(SHUT_RDWR)) }

    /// Header and text of each mail that it took, without the dots that the protocol doubles.
    var mails: [String] { seen.withLock { $0.mails } }

    /// What clients said outside of mails.
    var lines: [String] { seen.withLock { $0.lines } }

    func answersData(_ text: String) { verdict.withLock { $0 = text } }

    private func serve(_ connection: Int32) {
        guard let file = fdopen(connection, "r+") else { return }
        defer { fclose(file) }
        func say(_ text: String) {
            fputs(text + "\r\n", file)
            fflush(file)
        }
        say("220 mail.test ESMTP")
        while let line = Self.line(file) {
            seen.withLock { $0.lines.append(line) }
            switch line.prefix(4).uppercased() {
            case "EHLO": say("250-mail.test\r\n250-8BITMIME\r\n250 AUTH PLAIN")
            case "AUTH":
                if line.split(separator: " ").count == 2 {
                    say("334 ")
                    _ = Self.line(file)
                }
                say("235 welcome")
            case "DATA":
                let verdict = verdict.withLock { $0 }
                say(verdict)
                if verdict.hasPrefix("354") { take(file, say) }
            case "QUIT":
                say("221 bye")
                return
            default: say("250 ok")
            }
        }
    }

    private func take(_ file: UnsafeMutablePointer<FILE>, _ say: (String) -> Void) {
        var mail = ""
        while let line = Self.line(file), line != "." { mail += (line.hasPrefix(".") ? String(line.dropFirst()) : line) + "\n" }
        seen.withLock { $0.mails.append(mail) }
        say("250 taken")
    }

    private static func line(_ file: UnsafeMutablePointer<FILE>) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
