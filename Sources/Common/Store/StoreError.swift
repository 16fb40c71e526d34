import GRDB

/// What the store could not do, on what, and what to try.
public enum StoreError: Error, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    case missing(path: String)
    /// The file was written by a later Gatepost.
    case newer(path: String)
    /// By an earlier one, and this access may not change it.
    case older(path: String)
    case sql(code: Int32, reason: String, statement: String)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "cannot open event store \(path): \(reason); check that its directory exists and belongs to the service user"
        case .missing(let path):
            "there is no event store at \(path); check `database` in the settings and GATEPOST_DB; gatepost-ingest makes it when it starts"
        case .older(let path):
            "event store \(path) was written by an older Gatepost; start this version's gatepost-ingest or gatepost-worker once"
        case .newer(let path):
            "event store \(path) was written by a newer Gatepost; install that version, or restore the backup made before its upgrade"
        case .sql(let code, let reason, let statement):
            "SQLite error \(code) (\(reason)) while running: \(statement)"
        }
    }

    static func from(_ error: any Error, statement: String) -> StoreError {
        if let error = error as? StoreError { return error }
        guard let error = error as? DatabaseError else { return .sql(code: 1, reason: "\(error)", statement: statement) }
        return .sql(
            code: error.extendedResultCode.rawValue, reason: error.message ?? "no reason given", statement: error.sql ?? statement)
    }
}
