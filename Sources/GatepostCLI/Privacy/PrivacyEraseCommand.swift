import ArgumentParser
import Common
import Foundation

struct PrivacyEraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erases everything of one person, in the store and in WordPress. Nothing brings it back.",
        discussion: """
            Of an event go payload, header, and who it was of; ids, key, type, times and status stay, so that a repeat is a duplicate still. Rejected \
            requests go whole. What still has to go to WordPress stays unless --open says `discard`: wait until it is pushed, and run this again. \
            WordPress erases what its own tool for personal data erases of Gatepost; the account is WordPress's. Backups are not touched.

            Exit status: 0 done, 1 failed or something is left, 2 bad usage or settings.
            """)

    enum Open: String, ExpressibleByArgument, CaseIterable { case keep, discard }

    @OptionGroup var options: PersonOptions

    @Option(help: ArgumentHelp("What still has to go to WordPress: keep or discard.", valueName: "keep|discard"))
    var open = Open.keep

    @Option(help: ArgumentHelp("A ticket's number, for the audit; no name.", valueName: "text"))
    var reference: String?

    @OptionGroup var storeOptions: StoreOptions

    @Flag(name: .customLong("dry-run"), help: "Only say how much there is in the store.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let (store, settings) = try storeOptions.openWithSettings(dryRun ? .readOnly : .readWrite)
        if !dryRun { try JobQueue(store: store).markSettled() }
        let result = try options.find(in: store, settings)
        if dryRun { return report(found: result) }
        if !yes { try confirm(result) }
        try store.overwriteWhatIsRemoved()
        let mark = options.person.mark(store.vault)
        try store.recordCommand(
            "privacy.erase", mark, count: result.hits.count, detail: ["begun", reference].compactMap { $0 }.joined(separator: "; "))
        let emails = options.emails(result)
        let count = try PersonEraser(store: store).erase(result.hits, discardingOpen: open == .discard, now: WallClock.system.now())
        let wordpress = try WordPressPeople(.erase, emails, options, settings)
        let left = count.open + count.underWay
        let words = ["done; \(left) left, \(wordpress.isWell ? "every" : "NOT every") WordPress asked", reference]
        try store.recordCommand(
            "privacy.erase", mark, count: count.erased + count.rejected, detail: words.compactMap { $0 }.joined(separator: "; "))
        store.emptyTheLog()
        report(count, wordpress, result)
        if left > 0 || result.unreadable > 0 || !wordpress.isWell { throw Failure("something is left; see above") }
    }

    private func confirm(_ result: PersonSearch.Result) throws {
        guard isatty(STDIN_FILENO) == 1, !json else {
            throw Failure("this would erase \(result.hits.count) events; say --yes, or --dry-run to look first", status: Failure.badUsage)
        }
        FileHandle.standardError.write(Data("erase \(result.hits.count) events of this person, and what WordPress has? [y/N] ".utf8))
        guard ["y", "yes"].contains(readLine()?.lowercased()) else { throw Failure("nothing was erased") }
    }

    private func report(found result: PersonSearch.Result) {
        if json {
            return Output.json([
                "found": JSONTree(result.hits.count), "unreadable": JSONTree(result.unreadable), "dry_run": .bool(true),
                "ids": .array(result.hits.map { .string($0.id) }),
            ])
        }
        Output.line("\(result.hits.count) events are this person's, of \(result.looked)")
        if result.unreadable > 0 { Output.line("\(result.unreadable) cannot be read: nobody knows whose they are") }
    }

    private func report(_ count: PersonEraser.Count, _ wordpress: WordPressPeople, _ result: PersonSearch.Result) {
        if json {
            return Output.json([
                "erased": JSONTree(count.erased), "discarded": JSONTree(count.discarded), "rejected_removed": JSONTree(count.rejected),
                "open": JSONTree(count.open), "under_way": JSONTree(count.underWay), "unreadable": JSONTree(result.unreadable),
                "wordpress": wordpress.json, "dry_run": .bool(false),
            ])
        }
        Output.line(
            "\(count.erased) events erased, \(count.discarded) of them not pushed any more; \(count.rejected) rejected requests removed")
        if count.open > 0 {
            Output.line("\(count.open) have to go to WordPress yet and stay: run this again later, or with --open discard")
        }
        if count.underWay > 0 { Output.line("\(count.underWay) are being pushed now: run this again") }
        if result.unreadable > 0 { Output.line("\(result.unreadable) cannot be read: nobody knows whose they are") }
        wordpress.print()
        Output.line("backups made before still have it: gatepost status says where the store is, you know where they are")
    }
}
