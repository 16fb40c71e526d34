import GRDB
import GRDBSQLite

/// A prepared statement bound by position, without boxing its values: for the one path where each event's cost counts.
/// Borrowed from GRDB's cache within one database access, and not kept beyond it.
struct RawStatement {
    private let statement: OpaquePointer
    private let arena: BindingArena

    /// - Parameter arena: statements that are bound and run one after the other may share one.
    init(_ sql: String, in db: Database, _ arena: BindingArena = BindingArena()) throws {
        statement = try db.cachedStatement(sql: sql).sqliteStatement
        self.arena = arena
    }

    func bind(_ value: Int64, at place: Int32) { sqlite3_bind_int64(statement, place, value) }

    func bind(_ value: Int64?, at place: Int32) {
        if let value { sqlite3_bind_int64(statement, place, value) } else { sqlite3_bind_null(statement, place) }
    }

    func bind(_ text: String, at place: Int32) {
        text.utf8.span.withUnsafeBufferPointer { bind(text: UnsafeRawBufferPointer($0), at: place) }
    }

    func bind(_ text: String?, at place: Int32) {
        if let text { bind(text, at: place) } else { sqlite3_bind_null(statement, place) }
    }

    func bind(text bytes: Bytes, at place: Int32) { bytes.withUnsafeBytes { bind(text: $0, at: place) } }

    /// A text without a byte has to have an address all the same, or it would be NULL (sqlite3_bind_text).
    private func bind(text: UnsafeRawBufferPointer, at place: Int32) {
        let kept = arena.keep(text)
        let start = (kept ?? text).baseAddress ?? UnsafeRawPointer(arena.start)
        sqlite3_bind_text(
            statement, place, start.assumingMemoryBound(to: CChar.self), Int32(text.count), kept == nil ? Self.transient : nil)
    }

    func bind(blob bytes: Bytes, at place: Int32) {
        bytes.withUnsafeBytes { buffer in
            let kept = arena.keep(buffer)
            _ =
                buffer.isEmpty
                ? sqlite3_bind_zeroblob(statement, place, 0)
                : sqlite3_bind_blob(
                    statement, place, (kept ?? buffer).baseAddress, Int32(buffer.count), kept == nil ? Self.transient : nil)
        }
    }

    /// Runs to the end and gives the first column of the first row as text, nil without a row. Ready to be bound again afterwards.
    @discardableResult
    func run(_ db: Database) throws -> String? {
        try run(db) { sqlite3_column_text($0, 0).map { String(cString: $0) } }
    }

    /// As `run`, of whole numbers.
    func pair(_ db: Database) throws -> (Int64, Int64)? {
        try run(db) { (sqlite3_column_int64($0, 0), sqlite3_column_int64($0, 1)) }
    }

    private func run<Value>(_ db: Database, _ value: (OpaquePointer) -> Value?) throws -> Value? {
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
            arena.clear()
        }
        var first: Value?
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                if first == nil { first = value(statement) }
            case SQLITE_DONE:
                return first
            case let code:
                throw StoreError.sql(
                    code: code, reason: String(cString: sqlite3_errmsg(db.sqliteConnection)),
                    statement: String(cString: sqlite3_sql(statement)))
            }
        }
    }

    /// Rows that the last run has inserted, changed or deleted (sqlite3_changes). Asked for before another statement runs.
    var changes: Int { Int(sqlite3_changes(sqlite3_db_handle(statement))) }

    /// For what the arena has no room for: "SQLite makes its own private copy of the data immediately" (sqlite3_bind_text).
    /// SQLITE_TRANSIENT, a cast that Swift cannot import: SQLite compares this value and never calls it.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
