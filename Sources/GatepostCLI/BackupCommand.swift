import ArgumentParser
import Common
import Foundation

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copies the event store, while ingest and worker go on.",
        discussion: """
            The copy is a snapshot, checked (integrity, number of rows) before it gets its name; a backup of the same name is replaced only \
            then. It holds payloads: its mode is 0640. A store of an older version is copied as it is.
            """)

    @Argument(help: "A file, or a directory: there the copy is gatepost-TIME.db.")
    var destination: String

    @OptionGroup var storeOptions: StoreOptions

    @Flag(name: .customLong("if-any"), help: "Where there is no store yet, say so and exit 0.")
    var ifAny = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let (path, floor) = try storeOptions.place()
        if ifAny, !FileManager.default.fileExists(atPath: path) {
            return json ? Output.json(["path": .null]) : Output.line("no event store at \(path.printable), nothing to copy")
        }
        Store.recordIfCurrent("backup", destination, at: path)
        let copy = try StoreBackup(store: path, keepFree: floor).run(to: destination, now: WallClock.system.now())
        copy.print(json: json, word: "copied")
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Makes the event store from a backup. Replaces nothing.",
        discussion: """
            Stop ingest and worker, and move the old store away with its -wal and -shm. The backup may be of an older version: \
            the programs bring it up to date when they start. One of a newer version is refused. Root's copy is given to the owner of the \
            store's directory.
            """)

    @Argument(help: "What gatepost backup wrote.")
    var file: String

    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let path = try storeOptions.place().path
        let copy = try StoreRestore(store: path).run(from: file)
        Store.recordIfCurrent("restore", file, at: path)
        copy.print(json: json, word: "restored")
    }
}

extension StoreOptions {
    /// Where the store is, and what must stay free beside it.
    func place() throws -> (path: String, floor: Int) {
        if let path { return (path, Settings().ingest.freeSpaceFloor) }
        let settings = try Settings.load()
        return (settings.database, settings.ingest.freeSpaceFloor)
    }
}

extension StoreCopy {
    fileprivate func print(json: Bool, word: String) {
        if json {
            let tables = rows.sorted { $0.key < $1.key }.map { JSONTree.Member(name: $0.key, value: JSONTree($0.value)) }
            return Output.json(["path": .string(path), "bytes": JSONTree(bytes), "rows": .object(tables)])
        }
        let events = rows["webhook_event"] ?? 0
        Output.line("\(word) \(path.printable): \(ByteCount.text(bytes)), \(events) event\(events == 1 ? "" : "s"), checked")
    }
}
