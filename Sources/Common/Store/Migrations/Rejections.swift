extension Migration {
    static let rejections = Migration(
        name: "2 rejected requests",
        sql: """
            -- What an event's row of an unverified request does not hold: why it was refused, and what it takes to judge it again.
            CREATE TABLE rejection (
                event_seq INTEGER PRIMARY KEY REFERENCES webhook_event (seq) ON DELETE CASCADE,
                source TEXT NOT NULL,
                minute INTEGER NOT NULL,            -- of arrival, since 1970
                bytes INTEGER NOT NULL,             -- body and header: what counts against the bound
                address TEXT,                       -- whom the request came from
                named_tenant TEXT,                  -- whom the address named; NULL: any of the source's
                reason TEXT NOT NULL,
                explanation TEXT NOT NULL,
                method TEXT NOT NULL,
                url TEXT NOT NULL,                  -- as nginx saw it
                head BLOB NOT NULL,                 -- lines of "name: value", credentials and signatures among them
                missed INTEGER NOT NULL DEFAULT 0,  -- how many of this source were not kept since the row before
                outcome TEXT CHECK (outcome IN ('admitted', 'duplicate')),
                settled_at INTEGER,                 -- ms since 1970, UTC
                event_ids TEXT,                     -- what it became, between commas
                CHECK ((outcome IS NULL) = (settled_at IS NULL)),
                CHECK ((outcome IS NULL) = (event_ids IS NULL))
            ) STRICT;

            -- All that the bounds ask for, so that counting reads no heads.
            CREATE INDEX rejection_bound ON rejection (source, minute, bytes, event_seq);
            CREATE INDEX rejection_settled ON rejection (event_seq) WHERE outcome IS NOT NULL;

            -- Without it each row that leaves webhook_event would be looked for among all nonces.
            CREATE INDEX nonce_event ON nonce (event_seq);
            """)
}
