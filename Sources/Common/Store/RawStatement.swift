import GRDB
import GRDBSQLite

/// A prepared statement bound by position, without boxing its values: for the one path where each event's cost counts.
/// Borrowed from GRDB's cache within one database access, and not kept beyond it.
struct RawStatement {
    private let statement: OpaquePointer

    init(_ sql: String, in db: Database) throws {
        statement = try db.cachedStatement(sql: sql).sqliteStatement
    }

    func bind(_ value: Int64, at place: Int32) { sqlite3_bind_int64(statement, place, value) }

    func bind(_ value: Int64?, at place: Int32) {
        if let value { sqlite3_bind_int64(statement, place, value) } else { sqlite3_bind_null(statement, place) }
    }

    /// "If the fifth argument is SQLITE_TRANSIENT then SQLite makes its own private copy of the data immediately" (sqlite3_bind_text).
    func bind(_ text: String, at place: Int32) {
        var text = text
        text.withUTF8 { utf8 in
            _ = sqlite3_bind_text(
                statement, place, UnsafeRawPointer(utf8.baseAddress)?.assumingMemoryBound(to: CChar.self), Int32(utf8.count), Self.transient
            )
        }
    }

    func bind(_ text: String?, at place: Int32) {
        if let text { bind(text, at: place) } else { sqlite3_bind_null(statement, place) }
    }

    func bind(text bytes: Bytes, at place: Int32) {
        bytes.withUnsafeBytes { buffer in
            _ = sqlite3_bind_text(
                statement, place, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count), Self.transient)
        }
    }

    func bind(blob bytes: Bytes, at place: Int32) {
        bytes.withUnsafeBytes { buffer in
            _ =
                buffer.isEmpty
                ? sqlite3_bind_zeroblob(statement, place, 0)
                : sqlite3_bind_blob(statement, place, buffer.baseAddress, Int32(buffer.count), Self.transient)
        }
    }

    /// Runs to the end and gives the first column of the first row as text, nil without a row. Ready to be bound again afterwards.
    @discardableResult
    func run(_ db: Database) throws -> String? {
        defer { sqlite3_reset(statement) }
        var text: String?
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                if text == nil, let column = sqlite3_column_text(statement, 0) { text = String(cString: column) }
            case SQLITE_DONE:
                return text
            case let code:
                throw StoreError.sql(
                    code: code, reason: String(cString: sqlite3_errmsg(db.sqliteConnection)),
                    statement: String(cString: sqlite3_sql(statement)))
            }
        }
    }

    /// SQLITE_TRANSIENT, a cast that Swift cannot import: SQLite compares this value and never calls it.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
