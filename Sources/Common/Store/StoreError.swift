import GRDB

/// What the store could not do, on what, and what to try.
public enum StoreError: Error, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    case missing(path: String)
    /// The file was written by a later Gatepost.
    case newer(path: String)
    /// By an earlier one, and this access may not change it.
    case older(path: String)
    /// The file is no database any more, or a page of it is not what it should be.
    case damaged(path: String, reason: String)
    /// What is sealed in it needs a key that we were not given.
    case locked(keyID: String, given: [String])
    /// A value cannot be opened.
    case sealed(SealError)
    case cannotSeal(reason: String)
    case sql(code: Int32, reason: String, statement: String)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "cannot open event store \(path): \(reason); check that its directory exists and belongs to the service user"
        case .damaged(let path, let reason):
            "event store \(path) is damaged: \(reason); stop ingest and worker, keep the file, and restore the last backup (operating.md, Backup)"
        case .missing(let path):
            "there is no event store at \(path); check `database` in the settings and GATEPOST_DB; gatepost-ingest makes it when it starts"
        case .older(let path):
            "event store \(path) was written by an older Gatepost; start this version's gatepost-ingest or gatepost-worker once"
        case .newer(let path):
            "event store \(path) was written by a newer Gatepost; install that version, or restore the backup made before its upgrade"
        case .locked(let id, let given):
            "the store is encrypted with data key \(id), and GATEPOST_DATA_KEY "
                + (given.isEmpty ? "is not set" : "has \(given.joined(separator: ", ")) alone")
                + "; give that key back (runbooks/lost-key.md), or set `encryption: off` to go on in plain"
        case .sealed(let error): "a stored value is \(error)"
        case .cannotSeal(let reason): "cannot encrypt: \(reason)"
        case .sql(let code, let reason, let statement):
            "SQLite error \(code) (\(reason)) while running: \(statement)" + (Self.advice(code).map { "; \($0)" } ?? "")
        }
    }

    static func isDamage(_ code: Int32) -> Bool { [11, 26].contains(code & 0xFF) }

    /// By the primary result code: https://www.sqlite.org/rescode.html
    private static func advice(_ code: Int32) -> String? {
        switch code & 0xFF {
        case 5, 6: "another program holds the store, see fuser -v on its file"
        case 8: "the store may only be read; see its owner, its mode, and whether its file system is mounted read-only"
        case 10: "the disk fails to write or to read; see journalctl -k"
        case 11, 26: "the store is damaged: stop ingest and worker, keep the file, and restore the last backup"
        case 13: "the disk is full; make room, and it goes on by itself"
        default: nil
        }
    }

    static func from(_ error: any Error, statement: String) -> StoreError {
        if let error = error as? StoreError { return error }
        if let error = error as? SealError { return .sealed(error) }
        guard let error = error as? DatabaseError else { return .sql(code: 1, reason: "\(error)", statement: statement) }
        return .sql(
            code: error.extendedResultCode.rawValue, reason: error.message ?? "no reason given", statement: error.sql ?? statement)
    }
}
