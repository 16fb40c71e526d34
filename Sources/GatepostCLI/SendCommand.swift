import ArgumentParser
import Common
import Foundation
import Transport

struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Signs a file as the provider would and posts it.",
        discussion: """
            Without --url it goes to $GATEPOST_URL, else to the settings' public-url, at \
            /api/webhooks/SOURCE/TENANT/ingest. Exit status 0 when the answer is 2xx.

            --fresh also ends the payload of a provider that signs neither id nor time with blanks, \
            which JSON allows: the same bytes again would be a replay.
            """)

    @Argument(help: "The payload, as fixtures/ has them.")
    var file: String

    @Option(help: "Whose signature.")
    var source: SourceName

    @Option(help: "With whose secret.")
    var tenant: TenantName

    @Option(help: "Post to exactly this URL.")
    var url: String?

    @Option(help: ArgumentHelp("The event's name, where a header carries it; else the file's name up to its first dot.", valueName: "name"))
    var event: String?

    @Option(help: "The event's id, in the header or the payload, wherever the provider has it.")
    var id: String?

    @Flag(help: "Give the event a new id and the present time.")
    var fresh = false

    @Option(
        name: .customLong("secret-index"), help: ArgumentHelp("Which of the tenant's active secrets; 1 is the first.", valueName: "number"))
    var secretIndex = 1

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let settings = try Settings.load().withLearned
        guard let content = FileManager.default.contents(atPath: file) else {
            throw Failure("cannot read \(file.printable); check that it exists and that this user may read it")
        }
        guard let provider = settings.providers[source] else {
            let known = Catalogue.providers.map(\.source.description).joined(separator: ", ")
            throw Failure("no source \(source); known: \(known)", status: Failure.badUsage)
        }
        if event != nil, !provider.namesEventInHeader {
            FileHandle.standardError.write(Data("note: \(source) has its type in the payload, where --event changes nothing\n".utf8))
        }
        let now = WallClock.system.now()
        var body = Bytes(content)
        if fresh || id != nil && !provider.claimsNonce {
            var generator = SystemRandomNumberGenerator()
            body = try Freshening(provider: provider, id: id, now: fresh ? now : nil).apply(to: body, using: &generator)
        }
        let delivery = Delivery(
            provider: provider, url: try address(settings), body: body, id: id ?? UUID().uuidString.lowercased(),
            event: event ?? String(URL(fileURLWithPath: file).lastPathComponent.prefix { $0 != "." }))
        let response = try Self.post(delivery.signed(with: secret(in: settings, now: now), now: now))
        let answer = SendAnswer(response: response, url: delivery.url)
        if json { Output.json(answer.json) } else { answer.print() }
        guard (200..<300).contains(response.status) else { throw Failure(hint(response.status, delivery, settings)) }
    }

    private func secret(in settings: Settings, now: Timestamp) throws -> Secret {
        let provider = settings.providers[source]
        let listed = settings.sources[source]?.secrets.first { $0.tenant == tenant }?.secrets
        if provider?.provesNothing == true {
            guard listed == nil else { return Secret("none") }
            throw Failure("sources.\(source).tenants does not name tenant \(tenant)", status: Failure.badSettings)
        }
        let own = (listed ?? []).filter { $0.window.contains(now) && provider?.isSigned(with: $0.secret) != false }
        if own.isEmpty, listed?.isEmpty == false {
            let text = "every secret of tenant \(tenant) for \(source) has ended or not begun; see gatepost secrets list"
            throw Failure(text, status: Failure.badSettings)
        }
        guard !own.isEmpty else {
            let setting = "PROVIDER_SECRETS_\(source.environmentSuffix)=\(tenant):secret"
            throw Failure("tenant \(tenant) has no secret for \(source); set \(setting)", status: Failure.badSettings)
        }
        guard own.indices.contains(secretIndex - 1) else {
            throw Failure("--secret-index: expected a number from 1 to \(own.count), found \(secretIndex)", status: Failure.badUsage)
        }
        return own[secretIndex - 1].secret
    }

    private func address(_ settings: Settings) throws -> String {
        if let url { return url }
        let named = ProcessInfo.processInfo.environment["GATEPOST_URL"].flatMap { $0.isEmpty ? nil : $0 }
        guard var base = named ?? settings.publicURL else {
            throw Failure("no address to send to: say --url, or set GATEPOST_URL or public-url", status: Failure.badUsage)
        }
        while base.hasSuffix("/") { base.removeLast() }
        return "\(base)/api/webhooks/\(source)/\(tenant)/ingest"
    }

    private static func post(_ request: HTTPRequest) throws -> HTTPResponse {
        let options = TransferOptions(connectTimeout: .seconds(5), timeout: .seconds(30), userAgent: "Gatepost/\(Gatepost.version)")
        let transfers = try Transfers<Void>(options: options, mostPerHost: 1)
        try transfers.start(request, tag: ())
        while true {
            guard let (_, result) = transfers.wait(milliseconds: 500).first else { continue }
            switch result {
            case .success(let response): return response
            case .failure(let error): throw Failure("no answer from \(request.url.printable): \(error)")
            }
        }
    }

    private func hint(_ status: Int, _ delivery: Delivery, _ settings: Settings) -> String {
        guard status == 401, delivery.provider.schemes.contains(where: { $0.signed.contains(.url) }), let known = settings.publicURL,
            !delivery.url.hasPrefix(known)
        else {
            guard status == 401 else { return "not accepted: status \(status); ingest's log says why beside that request id" }
            return "not accepted: status 401; `gatepost rejected list` has it, `gatepost rejected show ID` says why; "
                + "after a change of a secret reload ingest"
        }
        return
            "not accepted: status 401; \(source) signs the URL, and the gateway expects \(known)/… (public-url), not \(delivery.url.printable)"
    }
}

extension Provider {
    fileprivate var namesEventInHeader: Bool { eventType.contains { if case .header = $0 { true } else { false } } }
}
