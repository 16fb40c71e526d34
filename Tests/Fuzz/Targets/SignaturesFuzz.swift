@testable import Common

/// Every form of a signature's header: bounded, nothing read that is not there, and what is written is read again.
enum SignaturesFuzz {
    static func check(_ input: Bytes) -> String? {
        var input = FuzzInput(input)
        let separator = Scheme.Separator(byte: [0x20, 0x2C, 0x3B, 0x26][input.number(below: 4)])
        let kind = input.number(below: 6)
        // A prefix with a separator in it could not be told from a list's own.
        let prefix = input.text().filter { $0.isASCII && ($0.isLetter || $0.isNumber || "=.-_".contains($0)) }
        return read(input.remainder(), as: form(kind, separator, prefix))
    }

    private static func form(_ kind: Int, _ separator: Scheme.Separator, _ prefix: String) -> Scheme.Form {
        switch kind {
        case 0: .whole(prefix: prefix)
        case 1: .list(separator: separator, prefix: prefix)
        case 2: .listPrefixOptional(separator: separator, prefix: prefix)
        case 3: .pairs(separator: separator, signatureKey: "v1", timestampKey: "t")
        case 4: .listBehindBar(separator: separator)
        default: .timeThenSignatures
        }
    }

    private static func presented(_ text: Bytes, _ form: Scheme.Form) -> Message.Presented? {
        let scheme = Scheme(in: .header(["x-signature"]), as: form, at: .init(.signature, .seconds))
        var headers = HeaderFields()
        headers.append(name: "x-signature".utf8, value: text)
        let request = SignedRequest(method: "POST", url: "https://hooks.example/", headers: headers, body: [])
        return try? Message(scheme: scheme, request: request, root: nil).presented()
    }

    private static func read(_ text: Bytes, as form: Scheme.Form) -> String? {
        if let found = presented(text, form) {
            guard (1...16).contains(found.signatures.count) else { return "\(found.signatures.count) signatures" }
            for part in found.signatures + (found.timestamp.map { [$0] } ?? []) where !part.isEmpty && text.firstRange(of: part) == nil {
                return "what was read does not stand there"
            }
        }
        let plain = text.filter { ASCII.isDigit($0) || ASCII.lowercased($0) &- 0x61 < 26 }
        let (first, second) = (plain.prefix(plain.count / 2) + [0x31], plain.suffix(plain.count / 2) + [0x32])
        let (written, count) = written(Bytes(first), Bytes(second), as: form)
        return presented(written, form)?.signatures == [Bytes(first), Bytes(second)].suffix(count) ? nil : "what was written is not read"
    }

    /// One header field that holds both, or the second alone where the form has room for one.
    private static func written(_ first: Bytes, _ second: Bytes, as form: Scheme.Form) -> (Bytes, count: Int) {
        func mark(_ text: String) -> Bytes { Bytes(text.utf8) }
        switch form {
        case .whole(let prefix): return (mark(prefix) + second, 1)
        case .list(let separator, let prefix), .listPrefixOptional(let separator, let prefix):
            return (mark(prefix) + first + mark("\(separator)\(prefix)") + second, 2)
        case .pairs(let separator, _, _): return (mark("t=1\(separator)v1=") + first + mark("\(separator)v1=") + second, 2)
        case .listBehindBar(let separator): return (mark("a|") + first + mark("\(separator)b|") + second, 2)
        case .timeThenSignatures: return (mark("1,") + first + mark(", ") + second, 2)
        }
    }
}
