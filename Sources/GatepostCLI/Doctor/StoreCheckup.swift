import Common
import Foundation

/// The event store: whole, with room to grow, its log not stuck.
struct StoreCheckup: Checkup {
    /// More than this means that something reads for a very long time, and the log cannot be taken into the file meanwhile.
    static let largeLog = 256 << 20

    /// Nil where it could not be opened; then `problem` says why.
    var damage: [String]? = []
    var problem = ""
    var log = 0
    /// Bytes on its disk; nil where the file system does not say.
    var free: Int?
    var floor = 0

    var findings: [Finding] {
        guard let damage else {
            return [
                .fail(
                    "store", problem, fix: "run as the service's user: runuser -u gatepost -- gatepost doctor; start gatepost-ingest once")
            ]
        }
        return [structure(damage), room, writeAheadLog]
    }

    private func structure(_ damage: [String]) -> Finding {
        guard let first = damage.first else { return .pass("store", "the file is whole") }
        return .fail("store", "the file is damaged: \(first)", fix: "restore the last backup (gatepost restore), and look after the disk")
    }

    private var room: Finding {
        guard let free else { return .skip("store room", "the file system does not say how much is free") }
        let text = "\(ByteCount.text(free)) free, ingest refuses below \(ByteCount.text(floor))"
        if free < floor { return .fail("store room", text, fix: "free space on the store's disk; until then providers get 503") }
        if free < floor * 4 { return .warn("store room", text, fix: "free space on the store's disk soon") }
        return .pass("store room", text)
    }

    private var writeAheadLog: Finding {
        let text = "write-ahead log \(ByteCount.text(log))"
        guard log > Self.largeLog else { return .pass("store log", text) }
        return .warn("store log", text, fix: "end what reads the store for long (lsof on the file); a restart of ingest takes the log in")
    }

    static func gather(_ settings: Settings, open: () throws -> Store) -> (StoreCheckup, Store?) {
        do {
            let store = try open()
            let attributes = try? FileManager.default.attributesOfItem(atPath: store.path + "-wal")
            let log = (attributes?[.size] as? NSNumber)?.intValue ?? 0
            let checkup = StoreCheckup(
                damage: try store.quickCheck(), log: log, free: store.freeBytes, floor: settings.ingest.freeSpaceFloor)
            return (checkup, store)
        } catch {
            return (StoreCheckup(damage: nil, problem: "\(error)"), nil)
        }
    }
}
