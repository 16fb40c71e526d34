/// A scheme of the operator's own, in `Scheme`'s words: `sources.NAME.scheme`.
extension Scheme {
    init?(_ section: SettingsSection, in file: inout SettingsFile) {
        section.refuseOthers(than: ["algorithm", "signature", "timestamp", "signed", "secret", "claims"], in: &file)
        let problems = file.problems.count
        guard section.node("algorithm") != nil else {
            file.problem(at: section.place, "\(section.qualified("algorithm")): is missing; one of \(Self.algorithmWords)")
            return nil
        }
        guard var algorithm = section.choice("algorithm", Self.algorithms, in: &file) else { return nil }
        if algorithm == .none {
            self = .unsigned
            section.refuse(["signature", "timestamp", "signed", "secret", "claims"], "nothing is proven here", in: &file)
            return
        }
        if case .jwt = algorithm {
            algorithm = .jwt(Claim.list(in: section, in: &file))
        } else {
            section.refuse(["claims"], "for algorithm: jwt alone", in: &file)
        }
        guard let signature = section.section("signature", in: &file) else {
            file.problem(at: section.place, "\(section.qualified("signature")): is missing; where the signature stands")
            return nil
        }
        guard let place = Place(signature, in: &file) else { return nil }
        let form = algorithm == .basic ? .whole(prefix: "Basic ") : Form(signature, in: &file)
        let encoding = signature.choice("encoding", Self.encodings, in: &file) ?? .hex
        let time = section.section("timestamp", in: &file).flatMap { TimestampRule($0, in: &file) }
        let signed = section.optional("signed", "a text with {body}", in: &file, Part.template)
        let secret = section.choice("secret", Self.secretForms, in: &file) ?? .text
        self.init(algorithm, in: place, as: form, encoding, over: signed ?? [.body], at: time, secret: secret)
        refuseWhatProvesLittle(section, in: &file)
        guard file.problems.count == problems else { return nil }
    }

    private static let algorithms: KeyValuePairs<String, Algorithm> = [
        "hmac-sha1": .hmac(.sha1), "hmac-sha256": .hmac(.sha256), "hmac-sha512": .hmac(.sha512), "sha1": .digest(.sha1),
        "sha256": .digest(.sha256), "sha512": .digest(.sha512), "ed25519": .ed25519, "ecdsa-p256": .ecdsaP256, "token": .token,
        "basic": .basic, "jwt": .jwt([]), "none": .none,
    ]

    private static var algorithmWords: String { algorithms.map(\.key).joined(separator: ", ") }

    private static let encodings: KeyValuePairs<String, Encoding> = [
        "hex": .hex, "hex-any-case": .hexAnyCase, "base64": .base64, "base64url": .base64url,
    ]

    private static let secretForms: KeyValuePairs<String, SecretForm> = [
        "text": .text, "hex": .hex, "base64": .base64, "standard-webhooks": .standardWebhooks,
    ]

    /// A scheme that anybody could pass who saw one request is not what an operator means.
    private func refuseWhatProvesLittle(_ section: SettingsSection, in file: inout SettingsFile) {
        func problem(_ name: String, _ text: String) {
            file.problem(at: section.node(name) ?? section.place, "\(section.qualified(name)): \(text)")
        }
        switch algorithm {
        case .token, .basic, .jwt:
            section.refuse(["signed", "timestamp"], "this algorithm signs no text of the request", in: &file)
            if case .jwt = algorithm, !bindsBody { problem("claims", "one must be body-sha256, or a token would go with any body") }
        default:
            if !signed.contains(where: \.bindsBody) { problem("signed", "has no {body} in it; whoever saw one request could send others") }
            if case .digest = algorithm {
                // Who knows the hash of a text can go on with it (length extension), so something secret has to stand at its end.
                if signed.last != .secret {
                    problem("signed", "a plain hash needs {secret} at its end, or others could go on with the text")
                }
            } else if signed.contains(.secret) {
                problem("signed", "{secret} is for plain hashes alone; this algorithm has it as its key")
            }
            if timestamp != nil, !signed.contains(.timestamp) { problem("timestamp", "is not signed; put {timestamp} into signed") }
            if timestamp == nil, signed.contains(.timestamp) {
                problem("signed", "has {timestamp} in it; say under timestamp where it stands")
            }
        }
        if timestamp?.source == .signature {
            if case .pairs = form {} else { problem("timestamp", "pair: true goes with form: pairs alone") }
        }
    }
}

extension SettingsSection {
    fileprivate func refuse(_ names: [String], _ reason: String, in file: inout SettingsFile) {
        for name in names {
            if let node = node(name) { file.problem(at: node, "\(qualified(name)): \(reason)") }
        }
    }
}

extension Scheme.Place {
    fileprivate init?(_ section: SettingsSection, in file: inout SettingsFile) {
        section.refuseOthers(
            than: ["header", "json", "form-field", "form", "prefix", "separator", "key", "time-key", "encoding"], in: &file)
        let header = section.optional("header", HeaderFields.expectation, in: &file, HeaderFields.name)
        let path = section.path("json", in: &file)
        let field = section.text("form-field", in: &file)
        switch (header, path, field) {
        case (let name?, nil, nil): self = .header([name])
        case (nil, let path?, nil): self = .json(path)
        case (nil, nil, let name?): self = .form(name)
        default:
            file.problem(at: section.place, "\(section.path): expected one of header, json, form-field")
            return nil
        }
    }
}

extension Scheme.Form {
    fileprivate init(_ section: SettingsSection, in file: inout SettingsFile) {
        let prefix = section.optional("prefix", "a text", in: &file) { $0 } ?? ""
        let separator =
            section.optional("separator", "one ASCII character", in: &file) { text in
                text.utf8.count == 1 ? text.utf8.first.map { Scheme.Separator(byte: $0) } : nil
            } ?? ","
        let key = section.text("key", in: &file)
        switch section.choice("form", ["whole": 0, "list": 1, "pairs": 2], in: &file) ?? 0 {
        case 2:
            if key == nil { file.problem(at: section.place, "\(section.qualified("key")): is missing; the name of the signature's pair") }
            self = .pairs(separator: separator, signatureKey: key ?? "", timestampKey: section.text("time-key", in: &file) ?? "t")
        case let form:
            section.refuse(["key", "time-key"], "goes with form: pairs alone", in: &file)
            if form == 0 { section.refuse(["separator"], "goes with form: list or pairs", in: &file) }
            self = form == 1 ? .list(separator: separator, prefix: prefix) : .whole(prefix: prefix)
        }
    }
}

extension Scheme.TimestampRule {
    fileprivate init?(_ section: SettingsSection, in file: inout SettingsFile) {
        section.refuseOthers(than: ["header", "json", "form-field", "pair", "unit"], in: &file)
        let header = section.optional("header", HeaderFields.expectation, in: &file, HeaderFields.name)
        let sources: [Source?] = [
            header.map { .header([$0]) }, section.path("json", in: &file).map { .json($0) },
            section.text("form-field", in: &file).map { .form($0) }, section.flag("pair", in: &file) == true ? .signature : nil,
        ]
        let given = sources.compactMap { $0 }
        guard given.count == 1 else {
            file.problem(at: section.place, "\(section.path): expected one of header, json, form-field, pair: true")
            return nil
        }
        let units: KeyValuePairs<String, Scheme.TimeUnit> = [
            "seconds": .seconds, "milliseconds": .milliseconds, "seconds-or-milliseconds": .secondsOrMilliseconds, "rfc3339": .rfc3339,
        ]
        self.init(given[0], section.choice("unit", units, in: &file) ?? .seconds)
    }
}

extension Scheme.Claim {
    fileprivate static func list(in section: SettingsSection, in file: inout SettingsFile) -> [Scheme.Claim] {
        guard let claims = section.section("claims", in: &file) else { return [] }
        return claims.names.compactMap { name, _, _ in
            claims.choice(
                name, ["body-sha256": .bodySHA256(name), "url-sha256": .urlSHA256(name), "present": .present(name)], in: &file)
        }
    }
}

extension Scheme.Part {
    /// `{timestamp}.{body}`: text, and between braces what stands there. Nil for a word that is none.
    fileprivate static func template(_ text: String) -> [Scheme.Part]? {
        var parts: [Scheme.Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.literal(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}"), let part = word(rest[rest.index(after: open)..<close]) else { return nil }
            parts.append(part)
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        return parts
    }

    private static func word(_ text: Substring) -> Scheme.Part? {
        let words: [Substring: Scheme.Part] = [
            "body": .body, "timestamp": .timestamp, "method": .method, "url": .url, "secret": .secret, "body-crc32": .bodyCRC32,
            "sorted-form": .sortedForm(repeats: .sorted),
        ]
        if let part = words[text] { return part }
        let pair = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard pair.count == 2 else { return nil }
        switch pair[0] {
        case "header": return HeaderFields.name(pair[1]).map { .header([$0]) }
        case "json": return JSONPath(pair[1]).map { .json($0) }
        case "form-field": return .form(pair[1])
        default: return nil
        }
    }

    /// Another body makes another text, whatever is in it: a field may be missing, and a checksum can be met.
    fileprivate var bindsBody: Bool {
        switch self {
        case .body, .sortedForm: true
        default: false
        }
    }
}

extension HeaderFields {
    static let expectation = "a header's name: letters, digits and dashes"

    /// In lower case. No underscore: nginx drops such fields, and CGI could not tell them from dashes.
    static func name(_ text: String) -> String? {
        let name = text.lowercased()
        let allowed = "abcdefghijklmnopqrstuvwxyz0123456789-".utf8
        return (1...100).contains(name.utf8.count) && name.utf8.allSatisfy(allowed.contains) ? name : nil
    }
}
