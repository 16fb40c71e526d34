extension Migration {
    static let audit = Migration(
        name: "7 audit",
        sql: """
            -- Who did what. Rows are only ever added.
            CREATE TABLE audit (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                at INTEGER NOT NULL,                -- ms since 1970, UTC
                actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
                origin TEXT NOT NULL CHECK (length(origin) BETWEEN 1 AND 40),
                action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 80),
                object TEXT CHECK (length(object) <= 1000),
                count INTEGER,
                detail TEXT CHECK (length(detail) <= 2000)
            ) STRICT;

            CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
                BEGIN SELECT raise(ABORT, 'an audit entry is never changed'); END;
            CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
                BEGIN SELECT raise(ABORT, 'an audit entry is never removed'); END;
            -- INSERT OR REPLACE takes the old row away without asking the trigger above.
            CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = new.id)
                BEGIN SELECT raise(ABORT, 'an audit entry is never changed'); END;
            """)
}
