import ArgumentParser
import Common

struct ProvidersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers", abstract: "Lists the providers that Gatepost knows, or shows one: how it signs, and how to set it up.",
        discussion: "Sources of your own, as the settings have them, stand behind the others.")

    @Argument(help: "Show this one alone.")
    var source: String?

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: .hidden)
    var markdown = false

    func run() throws {
        if markdown { return Output.write(Array(ProvidersMarkdown.text.utf8)) }
        guard let source else { return list() }
        let providers = Providers.inSettings
        guard let provider = providers[source: source] ?? Catalogue.provider(named: source) else {
            let hint = Nearest.hint(for: source.lowercased(), among: providers.all.map(\.source.description))
            throw Failure("no source \(source.printable)\(hint); gatepost providers lists them", status: Failure.badUsage)
        }
        if json { Output.json(Self.json(provider)) } else { show(provider) }
    }

    private func list() {
        let providers = Providers.inSettings.all
        if json { return Output.json(.array(providers.map(Self.json))) }
        var table = Table(["SOURCE", "NAME", "PROOF", "SURE BY"])
        for provider in providers {
            table.add([provider.source.description, provider.title, provider.schemes[0].algorithm.words, provider.sureBy])
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
            ("secret", provider.secretWords ?? "none; see allow and tenants in the settings"),
            ("proof", provider.proofWords),
            ("in", provider.provesNothing ? "" : provider.signatureHeaders.unique.joined(separator: ", ")),
            ("signs", provider.schemes.contains(where: \.signsURL) ? "the URL too: see public-url in the settings" : ""),
            ("content types", provider.contentTypes.keys.sorted().joined(separator: ", ")),
            ("not signed", provider.unsigned), ("signed time", provider.timeWords.plain), ("event id", provider.idWords.plain),
            ("asks first", provider.handshakeWords.plain), ("hears", provider.answerWords.plain), ("tries again", provider.retries.plain),
            ("set up", provider.setup), ("sure by", provider.sureBy),
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
            "not_signed": .string(provider.unsigned), "signed_time": .string(provider.timeWords.plain),
            "event_id": .string(provider.idWords.plain), "handshakes": .array(provider.handshakes.map { .string($0.words.plain) }),
            "answer": .string(provider.answerWords.plain),
            "answer_within_seconds": JSONTree(provider.patience.map { Int($0.components.seconds) }),
            "retries": .string(provider.retries.plain), "setup": .string(provider.setup),
            "confidence": .string(provider.sureBy), "references": .array(provider.references.map { .string($0) }),
            "routes": .array(routes),
        ]
    }
}

extension Provider {
    fileprivate var sureBy: String { Catalogue.provider(for: source) == nil ? "own" : confidence.rawValue }

    /// Nil where there is none.
    var secretWords: String? { provesNothing ? nil : "PROVIDER_SECRETS_\(source.environmentSuffix)=tenant:secret" }

    var proofWords: String { schemes.map(\.algorithm.words).unique.joined(separator: ", or ") }
}

extension [String] {
    /// Each once, where it stands first.
    var unique: [String] { enumerated().filter { self[..<$0.offset].contains($0.element) == false }.map(\.element) }
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
