/// How a sender may have made the signature otherwise than the provider documents: another algorithm or encoding, another prefix, without
/// the time.
enum SchemeVariants {
    struct Variant {
        /// Ends the sentence "it verifies …".
        let words: String
        let scheme: Scheme
    }

    static func forms(of scheme: Scheme) -> [Variant] {
        var list: [Variant] = []
        for (form, formWords) in prefixes(scheme) {
            for (algorithm, algorithmWords) in algorithms(scheme) {
                for (encoding, encodingWords) in encodings(scheme) {
                    let words = [formWords, algorithmWords, encodingWords].compactMap { $0 }
                    guard !words.isEmpty else { continue }
                    var variant = scheme
                    (variant.form, variant.algorithm, variant.encoding) = (form, algorithm, encoding)
                    list.append(Variant(words: words.joined(separator: ", "), scheme: variant))
                }
            }
        }
        return list
    }

    private static func prefixes(_ scheme: Scheme) -> [(Scheme.Form, String?)] {
        guard case .whole(let own) = scheme.form, scheme.algorithm != .basic else { return [(scheme.form, nil)] }
        let others = ["", "sha1=", "sha256=", "sha512=", "v1=", "Bearer "].filter { $0 != own }
        let words = { (prefix: String) in prefix.isEmpty ? "without the prefix \(own)" : "with the prefix \(prefix)" }
        return [(scheme.form, nil)] + others.map { (.whole(prefix: $0), words($0)) }
    }

    private static func algorithms(_ scheme: Scheme) -> [(Scheme.Algorithm, String?)] {
        switch scheme.algorithm {
        case .hmac(let own):
            [(scheme.algorithm, nil)] + HMACKey.Hash.allCases.filter { $0 != own }.map { (.hmac($0), "with HMAC-\($0.rawValue)") }
                + [(.token, "with the secret itself in the signature's place")]
        case .digest(let own):
            [(scheme.algorithm, nil)] + HMACKey.Hash.allCases.filter { $0 != own }.map { (.digest($0), "with \($0.rawValue)") }
        default: [(scheme.algorithm, nil)]
        }
    }

    private static func encodings(_ scheme: Scheme) -> [(Scheme.Encoding, String?)] {
        guard scheme.algorithm != .token, scheme.algorithm != .basic else { return [(scheme.encoding, nil)] }
        let all: [(Scheme.Encoding, String)] = [
            (.hex, "in hex"), (.hexAnyCase, "in hex of upper case"), (.base64, "in base 64"), (.base64url, "in base 64 for URLs"),
        ]
        let isHex = scheme.encoding == .hexAnyCase
        return [(scheme.encoding, nil)] + all.filter { $0.0 != scheme.encoding && !(isHex && $0.0 == .hex) }.map { ($0.0, $0.1) }
    }

    /// The time signed otherwise than sent. JSON paths and the like stay.
    static func times(of scheme: Scheme, in request: SignedRequest) -> [Variant] {
        guard scheme.signed.contains(.timestamp), let text = Message(scheme: scheme, request: request, root: nil).sentTime else {
            return []
        }
        var list: [Variant] = []
        func add(_ words: String, _ signed: [Scheme.Part]) {
            var variant = scheme
            variant.signed = signed
            list.append(Variant(words: words, scheme: variant))
        }
        func replacing(_ time: String) -> [Scheme.Part] { scheme.signed.map { $0 == .timestamp ? .literal(time) : $0 } }
        if let number = Int64(decimalDigits: text.utf8), number < 1_000_000_000_000_000 {
            add("with the signed time in milliseconds", replacing(String(number * 1000)))
            add("with the signed time in seconds", replacing(String(number / 1000)))
        }
        if let date = request.headers.single("date") {
            add("with the Date header's time in the signed text", replacing(String(decoding: date, as: UTF8.self)))
        }
        add("without the time in the signed text", scheme.signed.filter { $0 != .timestamp })
        add("over the body alone, without the time", [.body])
        return list
    }
}

extension Message {
    /// As the sender wrote it.
    fileprivate var sentTime: String? {
        guard let presented = try? presented(), let time = try? timestampText(presented) else { return nil }
        return String(decoding: time, as: UTF8.self)
    }
}
