@testable import Common

/// A provider, a line for the header fields that are signed beside the body, and any body: signed it is believed, and a changed byte makes it another's.
enum SignFuzz {
    struct Signer: Sendable {
        let provider: Provider
        let scheme: Scheme
        let keys: [TenantKeys]
        let signedHeaders: [String]

        var secret: Bytes { Requests.secret(for: scheme) }
    }

    /// The schemes that we can sign for. Private keys, and signatures within the body, are left to `forge`.
    static let signers: [Signer] = Catalogue.providers.flatMap { provider in
        provider.schemes.compactMap { scheme in
            guard let tenant = TenantName("acme"), let keys = try? scheme.keys(from: Requests.secret(for: scheme)) else { return nil }
            let headers = scheme.signed.flatMap { if case .header(let names) = $0 { [names[0]] } else { [String]() } }
            let signer = Signer(
                provider: provider, scheme: scheme, keys: [TenantKeys(tenant: tenant, keys: keys.map { SecretKey($0) })],
                signedHeaders: headers)
            return signed(Bytes("{}".utf8), by: signer, beside: Bytes("id".utf8)).flatMap { isTaken($0, by: signer) ? signer : nil }
        }
    }

    static func check(_ input: Bytes) -> String? {
        var input = FuzzInput(input)
        let signer = signers[input.number(below: signers.count)]
        let (high, low, change) = (input.number(below: 256), input.number(below: 256), UInt8(input.number(below: 255) + 1))
        let beside = input.bytes()
        let body = input.remainder()
        guard let request = signed(body, by: signer, beside: beside) else { return "\(signer.provider.source): not signed" }
        guard isTaken(request, by: signer) else { return "\(signer.provider.source): signed and refused" }
        guard signer.scheme.bindsBody, signer.scheme.signed.contains(.body), !body.isEmpty else { return nil }
        var changed = body
        changed[(high << 8 | low) % body.count] ^= change
        let forged = SignedRequest(method: request.method, url: request.url, headers: request.headers, body: changed)
        return isTaken(forged, by: signer) ? "\(signer.provider.source): another body is believed" : nil
    }

    private static func signed(_ body: Bytes, by signer: Signer, beside text: Bytes) -> SignedRequest? {
        var headers = HeaderFields([("content-type", signer.provider.contentTypes.keys.sorted()[0])])
        if let rule = signer.scheme.onlyWhen { headers.append(name: rule.header.utf8, value: Bytes(rule.value.utf8)) }
        for name in signer.signedHeaders { headers.append(name: name.utf8, value: text) }
        func request() -> SignedRequest { SignedRequest(method: "POST", url: "https://hooks.example/x", headers: headers, body: body) }
        guard let fields = try? signer.scheme.sign(request(), with: signer.secret, now: Requests.now) else { return nil }
        for (name, value) in fields { headers.append(name: name.utf8, value: Bytes(value.utf8)) }
        return request()
    }

    private static func isTaken(_ request: SignedRequest, by signer: Signer) -> Bool {
        (try? signer.scheme.verify(request, candidates: signer.keys, now: Requests.now)) != nil
    }
}
