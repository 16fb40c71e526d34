import Foundation

/// What happens to bodies on the way, undone.
enum BodyVariants {
    struct Variant {
        /// Ends the sentence "it verifies …".
        let words: String
        let body: Bytes
    }

    /// Each another body than the one given, none twice. Those that cost little come first.
    /// - Parameter fields: in which the provider sends its JSON where it sends a form.
    static func all(of request: SignedRequest, fields: [String] = []) -> [Variant] {
        var seen: Set<Bytes> = [request.body]
        let all = ends(request) + lines(request.body) + encodings(request.body) + forms(request) + encoded(request.body, fields)
        return (all + rewritten(request.body))
            .filter { seen.insert($0.body).inserted }
    }

    private static func ends(_ request: SignedRequest) -> [Variant] {
        let body = request.body
        let (feed, crlf, bom) = (Bytes("\n".utf8), Bytes("\r\n".utf8), Bytes("\u{FEFF}".utf8))
        let isBlank: (UInt8) -> Bool = { [0x09, 0x0A, 0x0D, 0x20].contains($0) }
        var list: [Variant] = []
        if body.ends(with: crlf) {
            list.append(Variant(words: "once the line end (CR LF) behind the body is removed", body: body.dropLast(2) + []))
        }
        if body.ends(with: feed) {
            list.append(Variant(words: "once the line feed behind the body is removed", body: body.dropLast() + []))
        }
        list.append(Variant(words: "once a line feed is put behind the body", body: body + feed))
        list.append(Variant(words: "once a line end (CR LF) is put behind the body", body: body + crlf))
        list.append(Variant(words: "once the blanks round the body are removed", body: trimmed(body, isBlank)))
        if body.starts(with: bom) {
            list.append(Variant(words: "once the byte order mark before the body is removed", body: Bytes(body.dropFirst(3))))
        } else {
            list.append(Variant(words: "once a byte order mark is put before the body", body: bom + body))
        }
        if let length = request.declaredLength, length < body.count {
            list.append(Variant(words: "once the body is cut to its Content-Length", body: Bytes(body.prefix(length))))
        }
        list.append(Variant(words: "over an empty body: only an empty one was signed", body: []))
        return list
    }

    private static func lines(_ body: Bytes) -> [Variant] {
        let feeds = Bytes(String(decoding: body, as: UTF8.self).replacing("\r\n", with: "\n").utf8)
        let both = Bytes(feeds.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] })
        return [
            Variant(words: "once its CR LF line ends are line feeds", body: feeds),
            Variant(words: "once its line feeds are CR LF line ends", body: both),
        ]
    }

    private static func encodings(_ body: Bytes) -> [Variant] {
        var list = [
            Variant(
                words: "once it is taken for Latin-1 and written as UTF-8",
                body: Bytes(body.flatMap { Bytes(String(Unicode.Scalar($0)).utf8) }))
        ]
        let scalars = String(decoding: body, as: UTF8.self).unicodeScalars
        if scalars.allSatisfy({ $0.value < 256 }) {
            list.append(Variant(words: "once it is written as Latin-1", body: scalars.map { UInt8($0.value) }))
        }
        let unslashed = Bytes(String(decoding: body, as: UTF8.self).replacing("\\\"", with: "\"").replacing("\\\\", with: "\\").utf8)
        list.append(Variant(words: "once the backslashes before its quotes are removed (PHP's addslashes)", body: unslashed))
        if let inner = (try? JSONDocument(body))?.root.string {
            list.append(Variant(words: "over the JSON within the string that it is", body: Bytes(inner.utf8)))
        }
        return list
    }

    private static func forms(_ request: SignedRequest) -> [Variant] {
        guard request.body.contains(UInt8(ascii: "=")) || request.body.contains(UInt8(ascii: "%")) else { return [] }
        var list: [Variant] = []
        for field in (request.form?.fields ?? []).prefix(8) where !field.value.isEmpty {
            let name = field.name.allSatisfy { (0x21...0x7E).contains($0) } ? String(decoding: field.name.prefix(40), as: UTF8.self) : "…"
            list.append(Variant(words: "over the decoded value of its form field \(name)", body: field.value))
        }
        list.append(Variant(words: "once its %XX and + are decoded", body: FormFields.decode(request.body[...])))
        return list
    }

    /// What came as JSON and was sent as a form.
    private static func encoded(_ body: Bytes, _ fields: [String]) -> [Variant] {
        fields.flatMap { field in
            ["+", "%20"].map { blank in
                let value = body.flatMap { byte -> Bytes in
                    let isPlain = ASCII.isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || [0x2D, 0x2E, 0x5F].contains(byte)
                    if byte == 0x20 { return Bytes(blank.utf8) }
                    return isPlain ? [byte] : Bytes(String(format: "%%%02X", byte).utf8)
                }
                return Variant(
                    words: "as the form field \(field): it was sent as a form, and decoded on the way",
                    body: Bytes("\(field)=".utf8) + value)
            }
        }
    }

    private static func rewritten(_ body: Bytes) -> [Variant] {
        guard let document = try? JSONDocument(body) else { return [] }
        return JSONStyle.all.map { Variant(words: "once its JSON is written \($0.words)", body: $0.text(of: document.root)) }
    }

    private static func trimmed(_ body: Bytes, _ isBlank: (UInt8) -> Bool) -> Bytes {
        guard let first = body.firstIndex(where: { !isBlank($0) }), let last = body.lastIndex(where: { !isBlank($0) }) else { return [] }
        return Bytes(body[first...last])
    }
}

extension Bytes {
    fileprivate func ends(with end: Bytes) -> Bool { suffix(end.count).elementsEqual(end) }
}

extension Provider {
    /// Forms' fields that hold its JSON.
    var formFields: [String] {
        contentTypes.values.compactMap { payload in
            switch payload {
            case .formField(let name), .formFieldOrForm(let name): name
            case .json, .form, .base64XML: nil
            }
        }.sorted()
    }
}

extension SignedRequest {
    /// What the sender said.
    var declaredLength: Int? {
        headers.single("content-length").flatMap { Int64(decimalDigits: $0) }.map(Int.init)
    }
}
