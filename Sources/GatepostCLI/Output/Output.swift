import Foundation

/// What a command prints on standard output.
enum Output {
    static func line(_ text: String = "") { write(Array("\(text)\n".utf8)) }

    static func json(_ value: JSONTree) { line(value.text) }

    static func table(_ table: Table) {
        for row in table.lines(width: terminalWidth) { line(row) }
    }

    /// Ends the program where nobody reads any more (`| head`): what is left to print would be for nobody.
    static func write(_ bytes: [UInt8]) {
        do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch { exit(Failure.failed) }
    }

    /// Columns of the terminal; nil where standard output is none, so that nothing is cut.
    private static var terminalWidth: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

extension String {
    /// What strangers wrote must not steer the operator's terminal: control characters, line ends among them, become `?`.
    var printable: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? "?" : $0 }))
    }
}

extension Unicode.Scalar {
    /// C0, DEL and C1, and what turns the direction of writing.
    var isControl: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
