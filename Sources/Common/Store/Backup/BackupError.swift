/// Why a store was not copied, and what to try.
public enum BackupError: Error, Equatable, CustomStringConvertible {
    /// The file is no store of ours.
    case notAStore(path: String, reason: String)
    case newer(path: String)
    /// What was copied is not what was there.
    case wrongCopy(path: String, reason: String)
    /// Something stands where the copy is to go, and must not be replaced.
    case inTheWay(path: String, reason: String)
    case noRoom(path: String, free: Int, needed: Int)
    /// A program has the store open.
    case running(program: String, pid: Int)
    case file(path: String, reason: String)

    public var description: String {
        switch self {
        case .notAStore(let path, let reason): "\(path) is no event store: \(reason)"
        case .newer(let path):
            "\(path) was written by a newer Gatepost; install that version first, or take a backup that this one wrote"
        case .wrongCopy(let path, let reason):
            "the copy of \(path) is not sound and was removed: \(reason); run gatepost doctor on the store"
        case .inTheWay(let path, let reason): "\(path) \(reason)"
        case .noRoom(let path, let free, let needed):
            "too little room for \(path): \(free >> 20) MiB are free, \(needed >> 20) MiB are needed to copy and stay above "
                + "ingest.free-space-floor; name a place on another disk"
        case .running(let program, let pid):
            "\(program) is running (process \(pid)); stop it first: "
                + "systemctl stop 'gatepost-*'"
        case .file(let path, let reason): "\(path): \(reason)"
        }
    }
}
