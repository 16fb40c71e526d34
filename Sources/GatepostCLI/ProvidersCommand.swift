import ArgumentParser
import Common

struct ProvidersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers", abstract: "Lists the providers that Gatepost knows, or shows one: how it signs, and how to set it up.")

    @Argument(help: "Show this one alone.")
    var source: String?

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: .hidden)
    var markdown = false

    func run() throws {
        if markdown { return Output.write(Array(ProvidersMarkdown.text.utf8)) }
        guard let source else { return list() }
        guard let provider = Catalogue.provider(named: source) else {
            throw Failure("no source \(source.printable); gatepost providers lists them", status: Failure.badUsage)
        }
        if json { Output.json(Self.json(provider)) } else { show(provider) }
    }

    private func list() {
        if json { return Output.json(.array(Catalogue.providers.map(Self.json))) }
        var table = Table(["SOURCE", "NAME", "PROOF", "SURE BY"])
        for provider in Catalogue.providers {
            table.add([provider.source.description, provider.title, provider.schemes[0].algorithm.words, provider.confidence.rawValue])
        }
        Output.table(table)
    }

    private func show(_ provider: Provider) {
        var table = Table([])
        for (name, value) in Self.facts(provider) where !value.isEmpty { table.add([name, value]) }
        Output.table(table)
        guard !provider.mappings.isEmpty else { return }
        Output.line()
        var routes = Table(["EVENT TYPE", "GOES TO"])
        for mapping in provider.mappings { routes.add([mapping.pattern.description, mapping.route.rawValue]) }
        Output.table(routes)
    }

    private static func facts(_ provider: Provider) -> [(String, String)] {
        [
            ("source", provider.source.description), ("name", provider.title),
            ("url", "/api/webhooks/\(provider.source)/{tenant}/ingest"),
            ("secret", "PROVIDER_SECRETS_\(provider.source.environmentSuffix)=tenant:secret"),
            ("proof", provider.schemes.map(\.algorithm.words).joined(separator: ", or ")),
            ("in", provider.signatureHeaders.joined(separator: ", ")),
            ("content types", provider.contentTypes.keys.sorted().joined(separator: ", ")),
            ("not signed", provider.unsigned), ("set up", provider.setup), ("sure by", provider.confidence.rawValue),
            ("read in", provider.references.joined(separator: ", ")),
        ]
    }

    private static func json(_ provider: Provider) -> JSONTree {
        let routes = provider.mappings.map { mapping -> JSONTree in
            ["event_type": .string(mapping.pattern.description), "route": .string(mapping.route.rawValue)]
        }
        return [
            "source": .string(provider.source.description), "name": .string(provider.title),
            "proof": .array(provider.schemes.map { .string($0.algorithm.words) }),
            "headers": .array(provider.signatureHeaders.map { .string($0) }),
            "content_types": .array(provider.contentTypes.keys.sorted().map { .string($0) }),
            "not_signed": .string(provider.unsigned), "setup": .string(provider.setup),
            "confidence": .string(provider.confidence.rawValue), "references": .array(provider.references.map { .string($0) }),
            "routes": .array(routes),
        ]
    }
}

extension Scheme.Algorithm {
    /// For people.
    var words: String {
        switch self {
        case .hmac(let hash): "HMAC-\(hash.rawValue)"
        case .digest(let hash): "\(hash.rawValue) with the secret"
        case .anyDigest(let hashes): hashes.map { "\($0.rawValue)" }.joined(separator: " or ") + " with the secret"
        case .ed25519: "Ed25519"
        case .ecdsaP256: "ECDSA P-256"
        case .token: "shared token"
        case .basic: "user and password"
        case .jwt: "JSON Web Token"
        case .certificate: "certificate"
        case .none: "nothing"
        }
    }
}
