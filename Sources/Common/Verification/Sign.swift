extension Scheme {
    /// The header fields with which the provider would send this request. Nil for what only the provider can make: a private key's
    /// signature, or one that stands within the body.
    /// - Parameter request: with the headers that are signed too, such as `webhook-id`.
    public func sign(_ request: SignedRequest, with secret: Bytes, now: Timestamp) throws(SecretError)
        -> [(name: String, value: String)]?
    {
        guard case .header(let names) = place, eachElementOf == nil, let key = try keys(from: secret).first else { return nil }
        let time = timestamp.map { Bytes(text(of: now, $0.unit).utf8) }
        var fields: [(name: String, value: String)] = []
        if let time, case .header(let names) = timestamp?.source { fields.append((names[0], String(decoding: time, as: UTF8.self))) }
        let message = Message(scheme: self, request: request, root: request.document?.root)
        let signature: Bytes
        switch (algorithm, key) {
        case (.hmac, .hmac(let key)): signature = encode(key.code(over: message.parts(url: request.url, timestamp: time, secret: [])))
        case (.digest(let hash), .text(let secret)):
            let parts = message.parts(url: request.url, timestamp: time, secret: secret)
            signature = encode(Crypto.digest(parts.flatMap { $0 }, hash))
        case (.anyDigest(let hashes), .text(let secret)):
            let parts = message.parts(url: request.url, timestamp: time, secret: secret)
            signature = encode(Crypto.digest(parts.flatMap { $0 }, hashes.first ?? .sha256))
        case (.token, .text(let secret)): signature = secret
        case (.basic, .text(let secret)): signature = Base64.encode(secret)
        case (.none, _): return fields
        default: return nil
        }
        fields.append((names[0], written(String(decoding: signature, as: UTF8.self), time.map { String(decoding: $0, as: UTF8.self) })))
        return fields
    }

    private func text(of now: Timestamp, _ unit: TimeUnit) -> String {
        switch unit {
        case .seconds, .secondsOrMilliseconds, .asItReads: String(now.milliseconds / 1000)
        case .milliseconds: String(now.milliseconds)
        case .rfc3339: now.description
        }
    }

    private func written(_ signature: String, _ time: String?) -> String {
        switch form {
        case .whole(let prefix), .list(_, let prefix), .listPrefixOptional(_, let prefix): prefix + signature
        case .pairs(let separator, let signatureKey, let timestampKey):
            [time.map { "\(timestampKey)=\($0)" }, "\(signatureKey)=\(signature)"].compactMap { $0 }.joined(
                separator: String(Character(Unicode.Scalar(separator.byte))))
        case .listBehindBar: "key|\(signature)"
        case .timeThenSignatures: "\(time ?? ""),\(signature)"
        }
    }
}
