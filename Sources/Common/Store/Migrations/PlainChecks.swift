extension Migration {
    /// The same constraints in words that cost less. SQLite (3.40) makes a temporary B-tree for an IN of three constants or more whenever a
    /// row is checked: four of them for each event that was stored, a third of what SQLite did for it.
    ///
    /// Only constraints change, and they mean what they meant: "the CREATE TABLE statement may be edited in sqlite_schema"
    /// (https://www.sqlite.org/lang_altertable.html#otheralter). The table that comes and goes tells other connections to read the schema anew.
    static let plainChecks = Migration(
        name: "13 plain checks",
        sql: """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = replace(replace(sql,
                    'status IN (''received'', ''queued'', ''processed'', ''failed'', ''discarded'')',
                    'status = ''received'' OR status = ''queued'' OR status = ''processed'' OR status = ''failed'' OR status = ''discarded'''),
                    'route IN (''user-sync'', ''order-event'', ''keep'')',
                    'route = ''user-sync'' OR route = ''order-event'' OR route = ''keep''')
                WHERE type = 'table' AND name = 'webhook_event';
            UPDATE sqlite_schema SET sql = replace(replace(sql,
                    'status IN (''waiting'', ''leased'', ''done'', ''dead'', ''discarded'')',
                    'status = ''waiting'' OR status = ''leased'' OR status = ''done'' OR status = ''dead'' OR status = ''discarded'''),
                    'status IN (''done'', ''dead'', ''discarded'')',
                    'status = ''done'' OR status = ''dead'' OR status = ''discarded''')
                WHERE type = 'table' AND name = 'job_execution';
            CREATE TABLE plain_checks (made INTEGER) STRICT;
            DROP TABLE plain_checks;
            PRAGMA writable_schema = RESET;
            """)
}
