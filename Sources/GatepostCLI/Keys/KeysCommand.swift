import ArgumentParser
import Common
import Foundation

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "The data keys that payloads are encrypted with in the store.",
        subcommands: [KeysGenerateCommand.self, KeysListCommand.self, KeysRotateCommand.self, KeysLostCommand.self])
}

struct KeysGenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Makes a key.",
        discussion: """
            Prints it, or puts it into a file before those that are there: the first seals, all of them open. Keep a copy where a backup of \
            the store is not: without its key a store cannot be read, by nobody.
            """)

    @Option(help: ArgumentHelp("The file that GATEPOST_DATA_KEY_FILE names; made with mode 0640 where it is not there.", valueName: "path"))
    var into: String?

    func run() throws {
        let (key, text) = DataKey.generate()
        guard let into else { return Output.line(text) }
        try KeyFile(path: into).put(text)
        Output.line("key \(key.id) is the first in \(into.printable); keep a copy of the file away from the backups")
        Output.line("next: systemctl reload gatepost-ingest && systemctl try-reload-or-restart gatepost-admin && gatepost keys rotate")
    }
}

struct KeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Every key that was given or that seals something, and how much.",
        discussion: "Looks at every row. A key that seals nothing may be taken out of GATEPOST_DATA_KEY, but for the active one.")

    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let store = try storeOptions.open(.readOnly)
        let counts = try store.sealedCounts()
        let (given, parts) = (store.vault.keys, ["events", "rejected", "mirrored", "originals", "answers", "learned secrets"])
        let missing = counts.values.keys.compactMap { $0 }.filter { id in !given.all.contains { $0.id == id } }.sorted()
        let lines: [(id: String?, state: String)] =
            given.all.map { ($0.id, $0.id == given.active?.id ? "active" : "old") } + missing.map { ($0, "missing") } + [(nil, "plain")]
        if json {
            return Output.json([
                "keys": .array(
                    lines.map { line -> JSONTree in
                        .object(
                            [.init(name: "id", value: JSONTree(line.id)), .init(name: "state", value: .string(line.state))]
                                + parts.map {
                                    .init(
                                        name: $0.replacingOccurrences(of: " ", with: "_"), value: JSONTree(counts.values[line.id]?[$0] ?? 0)
                                    )
                                })
                    })
            ])
        }
        var table = Table(["KEY", "STATE"] + parts.map { $0.uppercased() })
        for line in lines { table.add([line.id, line.state] + parts.map { String(counts.values[line.id]?[$0] ?? 0) }) }
        Output.table(table)
        if !missing.isEmpty { Output.line("\nmissing: what they seal cannot be read; see runbooks/lost-key.md") }
    }
}

struct KeysLostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lost", abstract: "Gives up what a key sealed that nobody has any more.",
        discussion: """
            Its events that still had to go become dead letters with cause key_lost, and their keys are free: have the provider send them again. \
            What is done stays as it is and cannot be read. Then restart gatepost-ingest with a new key. Nothing brings this back: look for the \
            key first.
            """)

    @Argument(help: "The key's id, as `keys list` has it.")
    var id: String

    @Flag(help: "Do it.")
    var yes = false

    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let store = try storeOptions.open(yes ? .readWrite : .readOnly)
        guard !store.vault.keys.all.contains(where: { $0.id == id }) else {
            throw Failure("key \(id.printable) is not lost: GATEPOST_DATA_KEY has it")
        }
        guard yes else {
            let count = try store.sealedCounts().total(id)
            throw Failure(
                "key \(id.printable) seals \(count) values; nothing brings them back after this: say --yes", status: Failure.badUsage)
        }
        try store.recordCommand("keys.lost", id)
        let count = try LostKey(store: store, id: id).giveUp(now: WallClock.system.now())
        if json { return Output.json(["id": .string(id), "given_up": JSONTree(count)]) }
        Output.line(
            "\(count) events that had to go yet are dead letters with cause \(LostKey.cause): gatepost dlq list --cause \(LostKey.cause)")
    }
}
