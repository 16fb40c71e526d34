import ArgumentParser
import Common
import Foundation
import Transport

struct NginxAllowlistCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allowlist", abstract: "Keeps the addresses that providers publish.", subcommands: [NginxAllowlistUpdateCommand.self])
}

struct NginxAllowlistUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Fetches the addresses that providers publish, over TLS.",
        discussion: """
            Writes DIRECTORY/allow/NAME.conf, which gatepost nginx render includes, for stripe, github, paddle, bitbucket and jira: those of them \
            that have a secret, or --source alone. \
            An answer that is doubtful in any way changes nothing: the old list stays and the exit status is 1. After the first time: \
            gatepost nginx render --to DIRECTORY; after each: systemctl reload nginx.
            """)

    @OptionGroup var folder: NginxFolderOptions

    @Option(help: "Of this source alone.")
    var source: SourceName?

    @Option(name: .customLong("from"), help: ArgumentHelp("Ask this address instead of the provider's; with --source.", valueName: "url"))
    var url: String?

    @Flag(help: "Take a list that is less than half as long as the old one, too.")
    var force = false

    func validate() throws {
        if let source, !PublishedRanges.places.contains(where: { $0.source == source }) {
            throw ValidationError("--source: \(source) publishes no list that is known here; these do: \(PublishedRanges.names)")
        }
        guard let url else { return }
        guard source != nil else { throw ValidationError("--from goes with --source") }
        guard WebAddress(url) != nil else { throw ValidationError("--from: \(WebAddress.expectation)") }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let named = source
        let configured = try named == nil ? Set(Settings.load().sources.keys) : []
        let places = PublishedRanges.places.filter { place in
            named == nil ? configured.contains(place.source) : place.source == named
        }
        guard !places.isEmpty else { return Output.line("no source here publishes its addresses") }
        var failed = false
        for place in places {
            do {
                Output.line(try update(place))
            } catch {
                failed = true
                FileHandle.standardError.write(Data("gatepost: \(place.source): \(error); the list stays as it was\n".utf8))
            }
        }
        if failed { throw ExitCode(1) }
    }

    private func update(_ place: PublishedRanges.Place) throws -> String {
        let path = "\(folder.to)/allow/\(place.source).conf"
        let old = try? String(contentsOfFile: path, encoding: .utf8)
        let from = url ?? place.url
        let answer = try Exchange.run(HTTPRequest(method: "GET", url: from, headers: [("Accept", "application/json")])).get()
        let published = try PublishedRanges(
            status: answer.status, body: answer.body, list: place.list, old: old.map(PublishedRanges.count) ?? 0, force: force)
        let text = published.file(from: from)
        guard text != old else { return "\(path): \(published.ranges.count) addresses, as before" }
        try WholeFile.write(text, to: path)
        return "\(path): \(published.ranges.count) addresses, changed; now: nginx -t && systemctl reload nginx"
    }
}
