import ArgumentParser
import Common
import Foundation

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judges a saved request's signature by the settings' secrets, and says why it fails.",
        discussion: """
            FILE is a request as HTTP has it (start line, headers, an empty line, the body byte for byte), or one object as --batch \
            takes it; - is standard input. Source and tenant are read from the path where no option names them.

            With --batch, reads lines of JSON on standard input, without settings: {"provider", "name", "secrets": […], "method", "url", \
            "headers": {name: value or [values]}, "body_base64", "now_epoch"}; certificate schemes add {"certificates": {url: PEM}, \
            "trust_anchors_pem": […]}. Writes one line each: {"name", "verdict": "accept" or "reject", "reason", "event_ids", "event_type"}.

            Exit status: 0 it verifies (--batch: done), 1 it does not, 2 bad usage or settings.
            """)

    @Argument(help: "A saved request.")
    var file: String?

    @Option(help: "Whose signature it should have.")
    var source: SourceName?

    @Option(help: "Judge by this tenant's secrets; else by the one in the path, else by all.")
    var tenant: TenantName?

    @Option(help: "The address that the provider called, where it signs that.")
    var url: String?

    @Option(help: ArgumentHelp("When it came: 2026-01-31T09:00:00Z (RFC 3339), or 90s, 15m, 2h, 7d ago; else now.", valueName: "time"))
    var at: TimeArgument?

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Read requests as lines of JSON from standard input.")
    var batch = false

    func validate() throws {
        guard batch != (file != nil) else {
            throw ValidationError(batch ? "name a file or say --batch, not both" : "name a file, or say --batch")
        }
        try source?.validateIsKnown()
    }

    func run() throws {
        guard let file else { return try Self.judgeLines() }
        let view = ExplanationView(explanation: try explanation(of: try SavedRequest(Self.content(of: file))))
        if json { Output.json(view.json) } else { for line in view.lines { Output.line(line) } }
        guard view.verifies else { throw Failure("") }
    }

    /// A line that is answered is not waited for: whoever writes one may read its verdict before the next.
    private static func judgeLines() throws {
        var reader = LineReader(descriptor: dup(STDIN_FILENO), mostBytes: VerifyBatchLine.mostBytes)
        do {
            while let line = try reader.next() { Output.write(VerifyBatchLine.answer(line) + Bytes("\n".utf8)) }
        } catch {
            throw Failure("cannot read standard input: \(error)")
        }
    }

    /// As large as the largest body that any source may have, and its header.
    private static let mostBytes = 65 << 20

    private static func content(of path: String) throws -> Bytes {
        guard let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path) else {
            throw Failure("cannot read \(path.printable); check that it exists and that this user may read it", status: Failure.badUsage)
        }
        var content = Bytes()
        while content.count <= mostBytes, let some = try? handle.read(upToCount: 1 << 20), !some.isEmpty { content += some }
        guard content.count <= mostBytes else { throw Failure("\(path.printable) is larger than any request", status: Failure.badUsage) }
        return content
    }

    private func explanation(of saved: SavedRequest) throws -> Explanation {
        let settings = try saved.secrets.isEmpty ? Settings.load() : try? Settings.load()
        let provider = try provider(of: saved, settings?.providers ?? .catalogue)
        if let settings { try tenant?.refuseUnknown(among: Array(settings.tenants.keys)) }
        let now = WallClock.system.now()
        let known = (settings?.knownSecrets(now: now) ?? []) + Self.secrets(of: saved, provider)
        let ownTenant = saved.secrets.isEmpty ? try tenant(of: saved) : Self.fileTenant
        return Explainer(provider, tenant: ownTenant, secrets: known).explain(
            saved.request(at: url, publicURL: settings?.publicURL), underscored: saved.underscored,
            now: at?.resolved(now: now) ?? saved.now ?? now)
    }

    /// Whom a file's own secrets belong to.
    private static let fileTenant = TenantName("file")

    private static func secrets(of saved: SavedRequest, _ provider: Provider) -> [KnownSecret] {
        guard let tenant = fileTenant else { return [] }
        return saved.secrets.map { KnownSecret(source: provider.source, tenant: tenant, secret: $0) }
    }

    private func provider(of saved: SavedRequest, _ providers: Providers) throws -> Provider {
        guard let name = source?.description ?? saved.source ?? saved.named.source else {
            throw Failure("whose signature? The request's path does not say; name it with --source", status: Failure.badUsage)
        }
        guard let provider = providers[source: name] ?? Catalogue.provider(named: name) else {
            throw Failure("no source \(name.printable); `gatepost providers` lists them", status: Failure.badUsage)
        }
        return provider
    }

    private func tenant(of saved: SavedRequest) throws -> TenantName? {
        if let tenant { return tenant }
        guard let name = saved.named.tenant else { return nil }
        guard let tenant = TenantName(name) else { throw Failure("no tenant \(name.printable)", status: Failure.badUsage) }
        return tenant
    }
}
