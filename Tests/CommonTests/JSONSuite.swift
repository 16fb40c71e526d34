@testable import Common

/// One text of the JSON parsing test suite (https://github.com/nst/JSONTestSuite, Nicolas Seriot), under the name that it has there:
/// `y_` must be accepted, `n_` must be refused, `i_` is the reader's own affair.
struct JSONCase: Sendable, CustomStringConvertible {
    let name: String
    let bytes: Bytes

    var description: String { name }

    init(_ name: String, _ bytes: Bytes) {
        self.name = name
        self.bytes = bytes
    }

    /// Each line is a name, blanks and the text; `‹E5 0A›` stands for bytes that a line of source cannot show.
    static func table(_ lines: String) -> [JSONCase] {
        lines.split(separator: "\n").map { line in
            let name = line.prefix { $0 != " " }
            return JSONCase(String(name), bytes(line.dropFirst(name.count).drop { $0 == " " }))
        }
    }

    private static func bytes(_ text: Substring) -> Bytes {
        var bytes = Bytes()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "‹" else {
                bytes += Array(String(scalar).utf8)
                continue
            }
            let hex = rest.prefix { $0 != "›" }
            rest = rest.dropFirst(hex.count + 1)
            bytes += Hex.decode(String(hex).utf8.filter { $0 != 0x20 })!
        }
        return bytes
    }
}
