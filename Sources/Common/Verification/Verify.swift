/// Why a request is not believed. What a stranger sees is the status alone.
public enum VerificationFailure: Error, Equatable, Sendable {
    case signatureMissing(place: String)
    case headerUnreadable(header: String)
    case timestampMissing(place: String)
    /// Positive: the request is older than now.
    case timestampOff(milliseconds: Int64)
    case signatureWrong
    /// The body has to be read before it can be verified, and cannot be.
    case bodyUnreadable
    /// A certificate that is not the provider's, not valid now, or not to be had.
    case certificate(String)
    /// All else is as it should be as far as it can be judged, and the certificate there is not at hand.
    case certificateWanted(url: String)
}

/// A tenant's keys for one scheme, ready to use.
public struct TenantKeys: Sendable {
    public let tenant: TenantName
    /// Of every secret; one that counts at the time has to fit.
    public let keys: [SecretKey]

    public init(tenant: TenantName, keys: [SecretKey]) {
        self.tenant = tenant
        self.keys = keys
    }
}

/// One reading of one secret.
public struct SecretKey: Sendable {
    public let key: VerificationKey
    public let window: SecretWindow
    /// See `ProviderSecret.fingerprint`.
    public let fingerprint: String

    public init(_ key: VerificationKey, window: SecretWindow = .always, fingerprint: String = "") {
        self.key = key
        self.window = window
        self.fingerprint = fingerprint
    }
}

/// Who signed a request, and with which of its keys.
public struct Verified: Sendable {
    public let tenant: TenantName
    public let key: VerificationKey
    /// Of the secret that fitted; empty where the source has none.
    public let fingerprint: String
}

extension Scheme {
    /// The tenant whose secret signed the request. Tries every signature against every key; reads no clock, no file.
    ///
    /// A refused request has been held against every key, so its time tells nothing of any. One that is believed ends at its own key: what
    /// that tells, the key's place among the settings', only one who has a right signature can learn.
    ///
    /// The timestamp is judged first, at no cost; it is trusted only because it is signed.
    public func verify(
        _ request: SignedRequest, candidates: [TenantKeys], now: Timestamp, certificates: CertificateStore = CertificateStore()
    ) throws(VerificationFailure) -> TenantName {
        try SharedScheme(self).prove(request, candidates: candidates, now: now, certificates: certificates).tenant
    }
}

/// A scheme in a place of its own: each request refers to it, and it is too much to copy.
final class SharedScheme: Sendable {
    let scheme: Scheme

    init(_ scheme: Scheme) { self.scheme = scheme }

    /// As `Scheme.verify`, and the key that fitted.
    func prove(
        _ request: SignedRequest, candidates: [TenantKeys], now: Timestamp, certificates: CertificateStore
    ) throws(VerificationFailure) -> Verified {
        guard scheme.isMeant(by: request.headers) else { throw .signatureMissing(place: scheme.place.name) }
        guard let path = scheme.eachElementOf else {
            let root = scheme.readsBody ? request.document(inField: scheme.jsonField)?.root : nil
            return try scheme.verify(Message(self, request: request, root: root), candidates, now, certificates)
        }
        guard let elements = request.document?.root.value(at: path)?.elements, !elements.isEmpty else { throw .bodyUnreadable }
        var left = candidates
        var last: Verified?
        for element in elements {
            let verified = try scheme.verify(Message(self, request: request, root: element), left, now, certificates)
            left = left.filter { $0.tenant == verified.tenant }
            last = verified
        }
        guard let last else { throw .signatureWrong }
        return last
    }
}

extension Scheme {
    fileprivate func verify(
        _ message: Message, _ candidates: [TenantKeys], _ now: Timestamp, _ certificates: CertificateStore
    ) throws(VerificationFailure) -> Verified {
        let presented = try message.presented()
        let time = try message.timestampText(presented)
        if let time { try judge(time, now: now) }
        guard message.bodyIsBoundByURL, message.listsItsTimestamp else { throw .signatureWrong }
        func prover(of signed: [Part], at url: String) throws(VerificationFailure) -> Verified? {
            let hasSecret = self.signed.contains(.secret)
            // Without the secret in it the text is the same for every key.
            let text = hasSecret ? [] : message.parts(signed, url: url, timestamp: time, secret: [])
            for candidate in candidates {
                for own in candidate.keys where own.window.contains(now) {
                    let parts = hasSecret ? message.parts(signed, url: url, timestamp: time, secret: own.key.text) : text
                    if try proves(presented.signatures, own.key, parts, message.request, now, certificates) {
                        return Verified(tenant: candidate.tenant, key: own.key, fingerprint: own.fingerprint)
                    }
                }
            }
            return nil
        }
        for url in urls(of: message.request) {
            if let verified = try prover(of: signed, at: url) { return verified }
            if let orSigned, let verified = try prover(of: orSigned, at: url) { return verified }
        }
        throw .signatureWrong
    }

    /// What the request's signature covers; nil where it has none of this scheme.
    func signedText(of request: SignedRequest) -> Bytes? {
        let message = Message(scheme: self, request: request, root: readsBody ? request.document(inField: jsonField)?.root : nil)
        guard isMeant(by: request.headers), let presented = try? message.presented() else { return nil }
        let time = (try? message.timestampText(presented)) ?? nil
        return message.parts(url: request.url, timestamp: time, secret: []).flatMap { $0 }
    }

    /// Whether the header fields leave it to this scheme, see `onlyWhen` and `onlyWithout`.
    fileprivate func isMeant(by headers: HeaderFields) -> Bool {
        guard onlyWhen != nil || onlyWithout != nil else { return true }
        func values(of name: String) -> [ArraySlice<UInt8>] {
            headers.values(of: name).flatMap { $0.split(separator: UInt8(ascii: ",")).map(ASCII.trimmed) }
        }
        if let onlyWhen, !values(of: onlyWhen.header).contains(where: { $0.elementsEqual(onlyWhen.value.utf8) }) { return false }
        if let onlyWithout, values(of: onlyWithout.header).contains(where: { $0.starts(with: onlyWithout.prefix.utf8) }) { return false }
        return true
    }

    /// The URL in every form that the provider may have signed.
    private func urls(of request: SignedRequest) -> [String] {
        urlRule == .withAndWithoutPort ? SignedURL.withAndWithoutPort(request.url) : [request.url]
    }

    /// Whether any of the signatures is the key's over the parts. What the key makes of them is computed once, however many signatures a
    /// stranger lists.
    private func proves(
        _ signatures: [Bytes], _ key: VerificationKey, _ parts: [ArraySlice<UInt8>], _ request: SignedRequest, _ now: Timestamp,
        _ certificates: CertificateStore
    ) throws(VerificationFailure) -> Bool {
        let codes: [Bytes]
        switch (algorithm, key) {
        case (.hmac, .hmac(let key)): codes = [encode(key.code(over: parts))]
        case (.digest(let hash), .text): codes = [encode(Crypto.digest(parts.flatMap { $0 }, hash))]
        case (.anyDigest(let hashes), .text): codes = hashes.map { encode(Crypto.digest(parts.flatMap { $0 }, $0)) }
        default:
            for signature in signatures where try proves(signature, key, parts, request, now, certificates) { return true }
            return false
        }
        // Compares each with each: how many do not fit says nothing of where one of them does.
        return signatures.reduce(false) { found, signature in
            let signature = normalised(signature)
            return codes.reduce(found) { Crypto.equal($1, signature) || $0 }
        }
    }

    private func proves(
        _ signature: Bytes, _ key: VerificationKey, _ parts: [ArraySlice<UInt8>], _ request: SignedRequest, _ now: Timestamp,
        _ certificates: CertificateStore
    ) throws(VerificationFailure) -> Bool {
        switch (algorithm, key) {
        case (.ed25519, .publicKey(let key)), (.ecdsaP256, .publicKey(let key)):
            return decode(signature).map { key.verifies($0, over: parts.flatMap { $0 }) } ?? false
        // Digests of both, so that time tells nothing of the secret's length either.
        case (.token, .text(let secret)): return Crypto.equal(Crypto.sha256(signature), Crypto.sha256(secret))
        case (.basic, .text(let secret)):
            return Base64.decodePadded(signature).map { Crypto.equal(Crypto.sha256($0), Crypto.sha256(secret)) } ?? false
        case (.jwt(let claims), .text(let secret)): return WebToken(signature)?.proves(request, claims, secret: secret, now: now) ?? false
        case (.certificate(let rule), .text(let secret)):
            return try certificates.verify(signature, rule, request, secret: secret, parts: parts, now: now)
        case (.none, _): return true
        default: return false
        }
    }

    /// Whether verification itself looks into the body.
    fileprivate var readsBody: Bool {
        if case .json = place { return true }
        if case .json = timestamp?.source { return true }
        if case .certificate(.sns) = algorithm { return true }
        return signed.contains { if case .json = $0 { true } else { false } }
    }

    private func judge(_ text: Bytes, now: Timestamp) throws(VerificationFailure) {
        guard let timestamp else { return }
        let unreadable = VerificationFailure.headerUnreadable(header: timestampPlace)
        let moment: Timestamp
        var granularity: Int64 = 1000
        switch timestamp.unit {
        case .rfc3339:
            guard let read = Timestamp(rfc3339: String(decoding: text, as: UTF8.self)) else { throw unreadable }
            moment = read
        case .seconds, .milliseconds, .secondsOrMilliseconds:
            guard let number = Int64(decimalDigits: text), number < Int64.max / 1000 else { throw unreadable }
            let isMilliseconds = timestamp.unit == .milliseconds || timestamp.unit == .secondsOrMilliseconds && number > 100_000_000_000
            moment = Timestamp(milliseconds: isMilliseconds ? number : number * 1000)
            if isMilliseconds { granularity = 1 }
        case .asItReads:
            guard let read = Timestamp(asItReads: text) else { throw unreadable }
            moment = read
        }
        // In the sender's own unit: 300 s after a whole second is still 300 s.
        let age = now.milliseconds / granularity * granularity - moment.milliseconds
        guard abs(age) <= timestamp.tolerance.milliseconds else { throw .timestampOff(milliseconds: age) }
    }

    func encode(_ code: Bytes) -> Bytes {
        switch encoding {
        case .hex, .hexAnyCase: Hex.encode(code)
        case .base64: Base64.encode(code)
        case .base64url: Base64.encodeURL(code)
        }
    }

    private func normalised(_ signature: Bytes) -> Bytes {
        encoding == .hexAnyCase ? signature.map(ASCII.lowercased) : signature
    }

    private func decode(_ signature: Bytes) -> Bytes? {
        switch encoding {
        case .hex, .hexAnyCase: Hex.decode(signature)
        case .base64: Base64.decodePadded(signature)
        case .base64url: Base64.decodeURL(signature)
        }
    }
}

extension VerificationKey {
    fileprivate var text: Bytes { if case .text(let bytes) = self { bytes } else { [] } }
}
