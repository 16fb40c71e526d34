extension Migration {
    static let mirroredPushes = Migration(
        name: "4g mirrored pushes",
        sql: """
            -- What was sent before the cutover kept it is released together.
            CREATE INDEX mirror_members ON mirror (push_key);
            """)
}
