import Common

/// `docs/providers.md`, made from the catalogue: `gatepost providers --markdown > docs/providers.md`.
enum ProvidersMarkdown {
    static var text: String { introduction + overview + missing + Catalogue.providers.map(section).joined() }

    private static let missing = """

        Not here: `teachable`. What is told of its signature contradicts itself, and its own documents could not be read. Once you know how yours signs,
        describe it as [a source of your own](settings.md#a-source-of-your-own).

        """

    private static let introduction = """
        # Providers

        Made from the catalogue by `gatepost providers --markdown`. The address that a provider posts to is

            https://hooks.example.com/api/webhooks/{source}/{tenant}/ingest

        Without `/{tenant}` the tenant is the one whose secret verifies. `/ingest` at the end may be left out. Where nginx says
        `set $gatepost_tenant shop;`, that tenant counts, whatever the path says.

        What all have in common:

        - Every signature that a request lists is tried against every active secret of the tenant.
        - A signed time may be off by 300 s either way, or by the provider's own documented tolerance where that is more.
        - The idempotency key is `{source}:{tenant}:{provider's id}`. A repeat is answered 200 `{"status":"duplicate",…}` with the first
          one's id. Where a provider sends no id, a digest of the event stands in for it.
        - Where the id is not covered by the signature, a digest of what is signed is remembered too: a replay under a fresh id is a duplicate.
        - Of a post with several events each is an event of its own.
        - The raw body is kept as it was sent; of headers those that carry a shared token or a password are not.

        `user-sync` changes a WordPress user; several of one person may be folded into one. `order-event` goes alone and in order.
        `keep` is stored and pushed nowhere. A type that no line names is kept. `sources.NAME.routes` in [the settings](settings.md) comes
        before these tables.

        *Hears* is what it is answered once its events are stored, and how long it waits for that; *tries again*, what it does where it is
        answered otherwise or not at all. A line that is missing is not known.

        *Sure by* says what an entry rests on: `sdk`, the vendor's own code was read or run; `docs`, its documents; `secondary`, told by others:
        try a real delivery before you rely on it.


        """

    private static var overview: String {
        let rows = Catalogue.providers.map { provider in
            "| [`\(provider.source)`](#\(provider.source)) | \(provider.title) | \(provider.schemes[0].algorithm.words) | \(provider.confidence.rawValue) |\n"
        }
        return "| source | provider | proof | sure by |\n|---|---|---|---|\n" + rows.joined()
    }

    private static func section(_ provider: Provider) -> String {
        var lines = ["", "## \(provider.source)", "", "\(provider.title). \(provider.setup)", "", "| | |", "|---|---|"]
        let learned = provider.handsOverItsSecret ? ", or [learned](operating.md#learned-secrets)" : ""
        let secret = provider.secretWords.map { "`\($0)`" } ?? "none; see `allow` and `tenants` in [the settings](settings.md)"
        lines.append("| secret | \(secret)\(learned) |")
        lines.append("| proof | \(provider.proofWords) |")
        if !provider.provesNothing, !provider.signatureHeaders.isEmpty {
            lines.append("| in | \(provider.signatureHeaders.unique.map { "`\($0)`" }.joined(separator: ", ")) |")
        }
        lines.append("| content types | \(provider.contentTypes.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")) |")
        let signsURL = provider.schemes.contains(where: \.signsURL)
        if signsURL { lines.append("| signs the URL | so set [`public-url`](settings.md) where a proxy hides what the provider calls |") }
        let rest = signsURL ? "headers, unless named above" : "headers and the URL, unless named above"
        lines.append("| not signed | \(provider.unsigned.isEmpty ? rest : escaped(provider.unsigned)) |")
        if !provider.timeWords.isEmpty { lines.append("| signed time | \(escaped(provider.timeWords)) |") }
        lines.append("| event id | \(escaped(provider.idWords)) |")
        if !provider.handshakes.isEmpty { lines.append("| asks first | \(escaped(provider.handshakeWords)) |") }
        lines.append("| hears | \(escaped(provider.answerWords)) |")
        if !provider.retries.isEmpty { lines.append("| tries again | \(escaped(provider.retries)) |") }
        lines.append("| sure by | \(provider.confidence.rawValue): \(escaped(provider.references.joined(separator: ", "))) |")
        if !provider.mappings.isEmpty {
            lines += ["", "| event type | route |", "|---|---|"]
            lines += provider.mappings.map { "| `\($0.pattern)` | \($0.route.rawValue) |" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
