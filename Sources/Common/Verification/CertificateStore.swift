/// Certificates at hand, and those that are trusted to begin a chain. No URL is fetched here.
public struct CertificateStore: Sendable {
    /// PEM by the URL that it was fetched from; several in one text are a leaf and its intermediates.
    public var byURL: [String: String]
    /// PEM of each root.
    public var anchors: [String]

    public init(byURL: [String: String] = [:], anchors: [String] = []) {
        self.byURL = byURL
        self.anchors = anchors
    }

    /// Where the request says that its certificate is, if that is a place where its provider keeps them; nil for schemes without one.
    /// Whoever fetches it follows no redirect: the answer's origin is part of the proof.
    public static func address(for scheme: Scheme, in request: SignedRequest) throws(VerificationFailure) -> String? {
        guard case .certificate(let rule) = scheme.algorithm else { return nil }
        return try address(rule, request, request.document?.root).text
    }

    func verify(
        _ signature: Bytes, _ rule: Scheme.CertificateRule, _ request: SignedRequest, secret: Bytes, parts: [ArraySlice<UInt8>],
        now: Timestamp
    ) throws(VerificationFailure) -> Bool {
        let message = rule == .sns ? request.document?.root : nil
        let hash = try Self.hash(rule, request, message)
        // The secret is the topic that we subscribed to: Amazon signs everybody's topics with the same key.
        if rule == .sns, !secret.isEmpty, message?["TopicArn"]?.string.map({ Crypto.equal(Bytes($0.utf8), secret) }) != true {
            return false
        }
        guard let signature = Base64.decodePadded(signature) else { return false }
        let certificate = try certificate(at: Self.address(rule, request, message), rule, now: now)
        return certificate.verifies(signature, over: parts.flatMap { $0 }, hash)
    }

    /// Only what the rule names: a sender does not choose how weakly it is checked.
    private static func hash(
        _ rule: Scheme.CertificateRule, _ request: SignedRequest, _ message: JSONValue?
    ) throws(VerificationFailure) -> HMACKey.Hash {
        switch rule {
        case .payPal:
            guard let name = request.headers.single("paypal-auth-algo") else { throw .signatureMissing(place: "paypal-auth-algo") }
            guard name.elementsEqual("SHA256withRSA".utf8) else { throw .certificate("the algorithm is not SHA256withRSA") }
            return .sha256
        case .sns:
            guard let message, message.isObject else { throw .bodyUnreadable }
            switch message["SignatureVersion"]?.scalarText {
            case "1": return .sha1
            case "2": return .sha256
            default: throw .certificate("the signature version is neither 1 nor 2")
            }
        }
    }

    private static func address(
        _ rule: Scheme.CertificateRule, _ request: SignedRequest, _ message: JSONValue?
    ) throws(VerificationFailure) -> CertificateURL {
        let place: String
        let text: Bytes?
        switch rule {
        case .payPal: (place, text) = ("paypal-cert-url", request.headers.single("paypal-cert-url"))
        case .sns: (place, text) = ("$.SigningCertURL", message?["SigningCertURL"]?.string.map { Bytes($0.utf8) })
        }
        guard let text else { throw .signatureMissing(place: place) }
        guard let url = CertificateURL(text), rule.owns(url) else {
            throw .certificate("its URL is not the provider's")
        }
        return url
    }

    private func certificate(
        at url: CertificateURL, _ rule: Scheme.CertificateRule, now: Timestamp
    ) throws(VerificationFailure) -> Certificate {
        guard let pem = byURL[url.text] else { throw .certificateWanted(url: url.text) }
        return try rule.certificate(inPEM: pem, anchors: anchors, now: now)
    }
}

extension Scheme.CertificateRule {
    /// The first certificate of the text, if the provider may sign with it now.
    func certificate(inPEM pem: String, anchors: [String], now: Timestamp) throws(VerificationFailure) -> Certificate {
        let chain = Certificate.all(inPEM: pem)
        guard let leaf = chain.first else { throw .certificate("its URL holds no certificate") }
        let trusted = anchors.flatMap(Certificate.all)
        if needsChain || !anchors.isEmpty {
            guard !trusted.isEmpty else { throw .certificate("no trust anchor is set") }
            if let fault = leaf.chainFault(through: Array(chain.dropFirst()), to: trusted, at: now) { throw .certificate(fault) }
        } else if !leaf.isValid(at: now) {
            throw .certificate("it is not valid at this time")
        }
        guard leaf.names.contains(where: isOwnName) else {
            throw .certificate(self == .payPal ? "it is not PayPal's" : "it is not Amazon's")
        }
        guard let bits = leaf.rsaBits, bits >= 2048 else { throw .certificate("its key is not RSA of 2048 bits or more") }
        return leaf
    }

    /// A name that the provider's own certificate bears. Amazon's regions have names below the common one.
    fileprivate func isOwnName(_ name: String) -> Bool {
        switch self {
        case .payPal: name.hasSuffix(".paypal.com")
        case .sns:
            name == "sns.amazonaws.com"
                || name.hasPrefix("sns.") && (name.hasSuffix(".amazonaws.com") || name.hasSuffix(".amazonaws.com.cn"))
        }
    }
}
