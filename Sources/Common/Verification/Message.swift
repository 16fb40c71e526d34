import Foundation

/// One signed message within a request: the request itself, or one element of its array. A class: a scheme is too much to copy at each step.
final class Message {
    private let shared: SharedScheme
    let request: SignedRequest
    /// Where JSON paths start; nil where the scheme reads no body.
    let root: JSONValue?

    var scheme: Scheme { _read { yield shared.scheme } }

    convenience init(scheme: Scheme, request: SignedRequest, root: JSONValue?) {
        self.init(SharedScheme(scheme), request: request, root: root)
    }

    init(_ scheme: SharedScheme, request: SignedRequest, root: JSONValue?) {
        shared = scheme
        self.request = request
        self.root = root
    }

    struct Presented {
        var signatures: [Bytes] = []
        var timestamp: Bytes?
    }

    /// Signatures that a request may list; a rotation needs two, a sender of thousands only wants us to compute.
    private static let mostSignatures = 16

    // MARK: What the sender claims

    func presented() throws(VerificationFailure) -> Presented {
        let texts = try placed()
        var presented = Presented()
        for text in texts { try read(text, into: &presented) }
        guard presented.signatures.count <= Self.mostSignatures else { throw .headerUnreadable(header: scheme.place.name) }
        guard !presented.signatures.isEmpty || scheme.algorithm == .none else { throw .signatureMissing(place: scheme.place.name) }
        if scheme.algorithm == .none { presented.signatures = [[]] }
        return presented
    }

    private func placed() throws(VerificationFailure) -> [Bytes] {
        let name = scheme.place.name
        var texts: [Bytes] = []
        switch scheme.place {
        case .header(let names):
            for name in names where texts.isEmpty { texts = request.headers.values(of: name) }
            guard texts.count <= 1 else { throw .headerUnreadable(header: name) }
        case .repeatedHeader(let name): texts = request.headers.values(of: name)
        case .numberedHeader(let prefix):
            for number in 1...Self.mostSignatures { texts += request.headers.values(of: "\(prefix)\(number)") }
        case .json(let path): texts = root?.value(at: path)?.string.map { [Bytes($0.utf8)] } ?? []
        case .form(let field): texts = request.form?.value(field).map { [$0] } ?? []
        }
        guard scheme.algorithm == .none || texts.contains(where: { !$0.isEmpty }) else { throw .signatureMissing(place: name) }
        return texts
    }

    private func read(_ text: Bytes, into presented: inout Presented) throws(VerificationFailure) {
        switch scheme.form {
        case .whole(let prefix):
            // A scheme's name in Authorization has no case (RFC 9110, 11.1); other prefixes are as they are.
            let fits =
                scheme.algorithm == .basic
                ? ASCII.equal(text.prefix(prefix.utf8.count), prefix.utf8.map { $0 }) : text.starts(with: prefix.utf8)
            guard fits else { throw .headerUnreadable(header: scheme.place.name) }
            presented.signatures.append(Bytes(text.dropFirst(prefix.utf8.count)))
        case .list(let separator, let prefix):
            for piece in pieces(of: text, separator) where piece.starts(with: prefix.utf8) {
                presented.signatures.append(Bytes(piece.dropFirst(prefix.utf8.count)))
            }
        case .listPrefixOptional(let separator, let prefix):
            for piece in pieces(of: text, separator) {
                presented.signatures.append(Bytes(piece.dropFirst(piece.starts(with: prefix.utf8) ? prefix.utf8.count : 0)))
            }
        case .pairs(let separator, let signatureKey, let timestampKey):
            try readPairs(text, separator.byte, signatureKey, timestampKey, into: &presented)
        case .listBehindBar(let separator):
            for piece in pieces(of: text, separator) {
                if let bar = piece.firstIndex(of: UInt8(ascii: "|")) { presented.signatures.append(Bytes(piece[(bar + 1)...])) }
            }
        case .timeThenSignatures:
            let all = pieces(of: text, ",")
            presented.timestamp = all.first.map { Bytes($0) }
            presented.signatures = all.dropFirst().map { Bytes($0) }
        }
    }

    /// Pairs stand between separators; nothing between two of them is no pair and no fault.
    private func readPairs(
        _ text: Bytes, _ separator: UInt8, _ signatureKey: String, _ timestampKey: String, into presented: inout Presented
    ) throws(VerificationFailure) {
        let isReadable = text.withUnsafeBufferPointer { text in
            var start = 0
            var pairs = 0
            while start < text.count {
                let end = text[start...].firstIndex(of: separator) ?? text.count
                defer { start = end + 1 }
                guard start < end else { continue }
                pairs += 1
                guard pairs <= Self.mostSignatures, let sign = text[start..<end].firstIndex(of: UInt8(ascii: "=")) else { return false }
                var name = start..<sign
                while let first = name.first, ASCII.isBlank(text[first]) { name.removeFirst() }
                while let last = name.last, ASCII.isBlank(text[last]) { name.removeLast() }
                let value = UnsafeBufferPointer(rebasing: text[sign + 1..<end])
                if text[name].elementsEqual(signatureKey.utf8) { presented.signatures.append(Bytes(value)) }
                if presented.timestamp == nil, text[name].elementsEqual(timestampKey.utf8) { presented.timestamp = Bytes(value) }
            }
            return true
        }
        guard isReadable else { throw .headerUnreadable(header: scheme.place.name) }
    }

    private func pieces(of text: Bytes, _ separator: Scheme.Separator) -> [ArraySlice<UInt8>] {
        text.split(separator: separator.byte, maxSplits: Self.mostSignatures * 2).map { ASCII.trimmed($0) }
    }

    func timestampText(_ presented: Presented) throws(VerificationFailure) -> Bytes? {
        guard let rule = scheme.timestamp else { return nil }
        let text: Bytes? =
            switch rule.source {
            case .signature: presented.timestamp
            case .header(let names): try single(names)
            case .json(let path): root?.value(at: path)?.scalarText.map { Bytes($0.utf8) }
            case .form(let field): request.form?.value(field)
            }
        guard let text else { throw .timestampMissing(place: scheme.timestampPlace) }
        return text
    }

    private func single(_ names: [String]) throws(VerificationFailure) -> Bytes? {
        for name in names {
            let values = request.headers.values(of: name)
            guard values.count <= 1 else { throw .headerUnreadable(header: name) }
            if let value = values.first { return value }
        }
        return nil
    }

    // MARK: What was signed

    func parts(_ signed: [Scheme.Part]? = nil, url: String, timestamp: Bytes?, secret: Bytes) -> [ArraySlice<UInt8>] {
        (signed ?? scheme.signed).map { bytes(of: $0, url: url, timestamp: timestamp, secret: secret) }
    }

    /// Where the URL alone is signed, it must carry the body's digest, or anybody could put another body behind it.
    var bodyIsBoundByURL: Bool {
        guard let name = scheme.bodyDigestInQuery else { return true }
        let query = request.url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let digest = FormFields(Bytes(query.utf8))?.value(name)
        // A form's fields are signed themselves. One without any would let a JSON post's signature pass for it.
        if request.isForm, digest == nil || request.form?.fields.isEmpty == false { return true }
        return Crypto.equal(digest ?? [], Hex.encode(Crypto.sha256(request.body)))
    }

    private func bytes(of part: Scheme.Part, url: String, timestamp: Bytes?, secret: Bytes) -> ArraySlice<UInt8> {
        switch part {
        case .body: request.body[...]
        case .timestamp: (timestamp ?? [])[...]
        case .method: Bytes(request.method.utf8)[...]
        case .url: SignedURL.text(of: url, scheme.urlRule)[...]
        case .secret: secret[...]
        case .literal(let text): Bytes(text.utf8)[...]
        case .header(let names): (request.header(names) ?? [])[...]
        case .json(let path): Bytes((root?.value(at: path)?.scalarText ?? "").utf8)[...]
        case .form(let field): (request.form?.value(field) ?? [])[...]
        case .sortedForm(let repeats): sortedForm(repeats)[...]
        case .ifForm(let inner): request.isForm ? bytes(of: inner, url: url, timestamp: timestamp, secret: secret) : []
        case .bodyCRC32: Bytes(String(CRC32.of(request.body)).utf8)[...]
        case .contentfulPath: SignedURL.contentfulPath(of: request.url)[...]
        case .contentfulHeaders: contentfulHeaders[...]
        case .plivoURL: SignedURL.plivo(request.url, hasFields: request.form?.fields.isEmpty == false)[...]
        case .snsFields: snsFields[...]
        }
    }

    /// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html: sorted by name, absent ones left out.
    private var snsFields: Bytes {
        let names =
            switch root?["Type"]?.string {
            case "Notification": ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
            case "SubscriptionConfirmation", "UnsubscribeConfirmation":
                ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
            default: [String]()
            }
        return Bytes(names.compactMap { name in root?[name]?.string.map { "\(name)\n\($0)\n" } }.joined().utf8)
    }

    /// Contentful lists in the request which headers it signed. The time counts only if it is among them.
    var listsItsTimestamp: Bool {
        guard scheme.signed.contains(.contentfulHeaders), case .header(let names)? = scheme.timestamp?.source else { return true }
        let listed = (request.headers.single("x-contentful-signed-headers") ?? []).split(separator: UInt8(ascii: ","))
        return listed.contains { name in names.contains { ASCII.equal(ASCII.trimmed(name), Bytes($0.utf8)) } }
    }

    private func sortedForm(_ repeats: Scheme.FormRepeats) -> Bytes {
        var values: [Bytes: [Bytes]] = [:]
        for (name, value) in request.form?.fields ?? [] { values[name, default: []].append(value) }
        var text = Bytes()
        for name in values.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let all = values[name] ?? []
            switch repeats {
            case .last: text += name + (all.last ?? [])
            case .sortedSet: for value in Set(all).sorted(by: { $0.lexicographicallyPrecedes($1) }) { text += name + value }
            case .sorted: for value in all.sorted(by: { $0.lexicographicallyPrecedes($1) }) { text += name + value }
            }
        }
        return text
    }

    /// `name:value;name:value` of the headers that the request itself lists; `@contentful/node-apps-toolkit` 4.0.1.
    private var contentfulHeaders: Bytes {
        let names = request.headers.single("x-contentful-signed-headers") ?? []
        let listed = names.split(separator: UInt8(ascii: ",")).map { String(decoding: ASCII.trimmed($0), as: UTF8.self).lowercased() }
        let pairs = listed.sorted().map { name in
            Bytes("\(name):".utf8) + ASCII.trimmed((request.headers.single(name) ?? [])[...])
        }
        return Bytes(pairs.joined(separator: Bytes(";".utf8)))
    }
}

extension Scheme.Place {
    /// The header fields that it may stand in; none where it stands in the body.
    var headers: [String] {
        switch self {
        case .header(let names): names
        case .repeatedHeader(let name): [name]
        case .numberedHeader, .json, .form: []
        }
    }

    /// For people: where to look.
    var name: String {
        switch self {
        case .header(let names): names[0]
        case .repeatedHeader(let name): name
        case .numberedHeader(let prefix): "\(prefix)1"
        case .json(let path): path.description
        case .form(let field): "form field \(field)"
        }
    }
}

extension Scheme {
    /// For people: where the timestamp is looked for.
    public var timestampPlace: String {
        switch timestamp?.source {
        case .header(let names): names[0]
        case .signature, nil: place.name
        case .json(let path): path.description
        case .form(let field): "form field \(field)"
        }
    }
}
