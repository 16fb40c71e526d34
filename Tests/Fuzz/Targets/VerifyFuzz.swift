@testable import Common

/// A provider, then the fields that its schemes look at, line by line, and a body: nobody without the key is believed.
enum VerifyFuzz {
    private struct Door: Sendable {
        let provider: Provider
        let verifier: Verifier
        let fields: [String]
        let types: [String]
    }

    private static let doors: [Door] = Catalogue.providers.compactMap { provider in
        let secrets = provider.schemes.map { ProviderSecret(Secret(Requests.secret(for: $0))) }.prefix(1)
        let tenants = ["acme", "other"].compactMap { TenantName($0) }.map { ($0, Array(secrets)) }
        guard let verifier = try? Verifier(provider, secrets: tenants) else { return nil }
        return Door(
            provider: provider, verifier: verifier, fields: Set(provider.schemes.flatMap(fields)).sorted(),
            types: provider.contentTypes.keys.sorted() + ["multipart/form-data", ""])
    }

    /// Providers whose verifier could be made; a test holds that all could.
    static var providers: [SourceName] { doors.map(\.provider.source) }

    static func check(_ input: Bytes) -> String? {
        var input = FuzzInput(input)
        let door = doors[input.number(below: doors.count)]
        var headers = HeaderFields([("content-type", door.types[input.number(below: door.types.count)])])
        for name in door.fields {
            let value = input.bytes()
            if !value.isEmpty { headers.append(name: name.utf8, value: value) }
        }
        let url = "https://hooks.example/\(input.text())"
        let request = SignedRequest(method: "POST", url: url, headers: headers, body: input.remainder())
        _ = door.provider.nonceText(of: request)
        let isOpen = door.provider.schemes.contains { $0.algorithm == .none }
        guard (try? door.verifier.verify(request, now: Requests.now)) != nil, !isOpen else { return nil }
        return "\(door.provider.source) believes a stranger"
    }

    private static func fields(_ scheme: Scheme) -> [String] {
        var names = scheme.place.headers + [scheme.onlyWhen?.header, scheme.onlyWithout?.header].compactMap { $0 }
        if case .numberedHeader(let prefix) = scheme.place { names.append("\(prefix)1") }
        if case .header(let more)? = scheme.timestamp?.source { names += more }
        for part in scheme.signed {
            if case .header(let more) = part { names += more }
            if case .contentfulHeaders = part { names.append("x-contentful-signed-headers") }
        }
        if case .certificate(.payPal) = scheme.algorithm { names += ["paypal-auth-algo", "paypal-cert-url"] }
        return names
    }
}
