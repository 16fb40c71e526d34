/// How a sender may have made the signature otherwise than the provider documents: another algorithm or encoding, another prefix, without
/// the time.
enum SchemeVariants {
    struct Variant {
        /// Ends the sentence "it verifies …".
        let words: String
        let scheme: Scheme
        /// What an operator would write under `scheme` to have it so, as `signature.encoding: hex`.
        var settings: [String] = []
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
                    let settings = settings(of: variant, unlike: scheme)
                    list.append(Variant(words: words.joined(separator: ", "), scheme: variant, settings: settings))
                }
            }
        }
        return list
    }

    private static func settings(of variant: Scheme, unlike scheme: Scheme) -> [String] {
        var list: [String] = []
        if variant.form != scheme.form, case .whole(let prefix) = variant.form { list.append("signature.prefix: '\(prefix)'") }
        if variant.algorithm != scheme.algorithm {
            switch variant.algorithm {
            case .hmac(let hash): list.append("algorithm: hmac-\(hash.rawValue.lowercased())")
            case .digest(let hash): list.append("algorithm: \(hash.rawValue.lowercased())")
            default: list.append("algorithm: token")
            }
        }
        if variant.encoding != scheme.encoding {
            let words: [(Scheme.Encoding, String)] = [
                (.hex, "hex"), (.hexAnyCase, "hex-any-case"), (.base64, "base64"), (.base64url, "base64url"),
            ]
            list += words.filter { $0.0 == variant.encoding }.map { "signature.encoding: \($0.1)" }
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
        func add(_ words: String, _ signed: [Scheme.Part], _ settings: [String] = []) {
            guard signed != scheme.signed else { return }
            var variant = scheme
            variant.signed = signed
            list.append(Variant(words: words, scheme: variant, settings: settings))
        }
        list += units(of: scheme)
        add("with nothing between the time and the body", [.timestamp, .body], ["signed: '{timestamp}{body}'"])
        add("with a dot between the time and the body", [.timestamp, .literal("."), .body], ["signed: '{timestamp}.{body}'"])
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

    /// The time as sent, written in another unit than was said.
    private static func units(of scheme: Scheme) -> [Variant] {
        guard let own = scheme.timestamp, own.unit != .asItReads else { return [] }
        let words: [(Scheme.TimeUnit, String)] = [(.seconds, "seconds"), (.milliseconds, "milliseconds"), (.rfc3339, "rfc3339")]
        return words.filter { $0.0 != own.unit }.map { unit, word in
            var variant = scheme
            variant.timestamp = .init(own.source, unit, tolerance: own.tolerance)
            return Variant(words: "when its time is read as \(word)", scheme: variant, settings: ["timestamp.unit: \(word)"])
        }
    }
}

extension Message {
    /// As the sender wrote it.
    fileprivate var sentTime: String? {
        guard let presented = try? presented(), let time = try? timestampText(presented) else { return nil }
        return String(decoding: time, as: UTF8.self)
    }
}
