@testable import Common

/// Whatever a form reads as, written anew it reads the same, in both of its encodings.
enum FormFuzz {
    private static let name = "a form written anew has other fields"

    static func check(_ input: Bytes) -> String? {
        if let form = FormFields(input) {
            guard same(FormFields(urlencoded(form.fields)), form.fields) else { return "urlencoded: \(name)" }
            if let fault = asJSON(form) { return fault }
        }
        if let form = FormFields(input, mediaType: "multipart/form-data") {
            guard same(FormFields(multipart(form.fields), mediaType: "multipart/form-data"), form.fields) else {
                return "multipart: \(name)"
            }
            if let fault = asJSON(form) { return fault }
        }
        let own = fields(in: input)
        guard own.count <= FormFields.mostFields else { return nil }
        return same(FormFields(urlencoded(own)), own) ? nil : "decoded it is not what was encoded"
    }

    /// Name and value by turns, NUL between.
    private static func fields(in input: Bytes) -> [(name: Bytes, value: Bytes)] {
        let pieces = input.split(separator: 0, omittingEmptySubsequences: false).map(Bytes.init)
        return stride(from: 0, to: pieces.count - 1, by: 2).map { (pieces[$0], pieces[$0 + 1]) }
    }

    private static func same(_ form: FormFields?, _ fields: [(name: Bytes, value: Bytes)]) -> Bool {
        form.map { $0.fields.count == fields.count && zip($0.fields, fields).allSatisfy { $0 == $1 } } ?? false
    }

    static func urlencoded(_ fields: [(name: Bytes, value: Bytes)]) -> Bytes {
        func encoded(_ text: Bytes) -> Bytes {
            text.flatMap { ASCII.isDigit($0) || ASCII.lowercased($0) &- 0x61 < 26 ? [$0] : Bytes("%".utf8) + Hex.encode([$0]) }
        }
        return Bytes(fields.map { encoded($0.name) + Bytes("=".utf8) + encoded($0.value) }.joined(separator: Bytes("&".utf8)))
    }

    /// Between lines that no value holds: they are made of all values' digest.
    private static func multipart(_ fields: [(name: Bytes, value: Bytes)]) -> Bytes {
        let boundary = Bytes("--".utf8) + Hex.encode(Crypto.sha256(fields.flatMap { $0.name + [0] + $0.value + [0] }))
        let parts = fields.map { name, value in
            boundary + Bytes("\r\nContent-Disposition: form-data; name=\"".utf8) + name + Bytes("\"\r\n\r\n".utf8) + value
                + Bytes("\r\n".utf8)
        }
        return parts.flatMap { $0 } + boundary + Bytes("--".utf8)
    }

    private static func asJSON(_ form: FormFields) -> String? {
        guard let root = (try? JSONDocument(form.json))?.root, root.isObject else { return "as JSON it is no object" }
        for (name, _) in form.fields {
            guard let text = String(validating: name, as: UTF8.self) else { return nil }
            let expected = form.value(text).map { String(decoding: $0, as: UTF8.self) }
            // Names that are not UTF-8 may come to the same text.
            guard form.fields.allSatisfy({ String(validating: $0.name, as: UTF8.self) != nil }) else { return nil }
            guard let found = root[text]?.string, let expected, found.utf8.elementsEqual(expected.utf8) else {
                return "as JSON a field is another"
            }
        }
        return nil
    }
}
