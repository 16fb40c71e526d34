import Common

/// What answers Braintree's challenge for one tenant (braintree 4.48.0, `webhook_notification_gateway.py`).
struct BraintreeKey: Sendable {
    let tenant: TenantName
    let publicKey: Bytes
    private let key: HMACKey

    /// One for each secret of the form `publicKey:privateKey`; without the public half there is nothing to answer.
    static func all(_ source: Settings.Source) throws(SecretError) -> [BraintreeKey] {
        guard source.provider.handshakes.contains(where: { if case .braintreeChallenge = $0 { true } else { false } }) else { return [] }
        var keys: [BraintreeKey] = []
        for (tenant, secrets) in source.secrets {
            for secret in secrets {
                let parts = secret.secret.bytes.split(separator: UInt8(ascii: ":"), maxSplits: 1)
                guard parts.count == 2, case .hmac(let key)? = try source.provider.schemes[0].keys(from: secret.secret.bytes).first else {
                    continue
                }
                keys.append(BraintreeKey(tenant: tenant, publicKey: Bytes(parts[0]), key: key))
            }
        }
        return keys
    }

    /// `public_key|hex`. Nil for what is no challenge: its code would be a signature over whatever a stranger likes.
    func answer(_ challenge: Bytes) -> Bytes? {
        guard (20...32).contains(challenge.count), challenge.allSatisfy({ ASCII.isDigit($0) || (0x61...0x66).contains($0) }) else {
            return nil
        }
        return publicKey + [UInt8(ascii: "|")] + Hex.encode(key.code(over: challenge))
    }
}

extension Gateway.Source {
    /// With the first key of the tenant, or of the only one there is.
    func answer(braintree challenge: Bytes, for tenant: TenantName?) -> Bytes? {
        let own = braintree.filter { tenant == nil || $0.tenant == tenant }
        guard let first = own.first, own.allSatisfy({ $0.tenant == first.tenant }) else { return nil }
        return first.answer(challenge)
    }
}
