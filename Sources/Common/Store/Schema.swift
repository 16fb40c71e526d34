import GRDB

/// The store's migrations: an append-only list. What was released once keeps its name, place and content for ever.
enum Schema {
    private static let migrations: [Migration] = [
        .eventsAndJobs, .rejections, .errands, .lanes, .circuits, .attempts, .mirrored, .retention, .begunPushes, .usesOfSecrets,
        .alerts,
        .settledPushes, .audit, .sealing, .originals, .mirroredPushes, .metrics, .tracing,
        .backfills, .plainChecks, .activity, .outages, .arrivals, .timings, .tallyMark,
    ]

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name, foreignKeyChecks: migration.touchesKeys ? .deferred : .immediate) {
                try $0.execute(sql: migration.sql)
            }
        }
        return migrator
    }
}

/// One step of the schema, made in one transaction.
struct Migration: Sendable {
    let name: String
    let sql: String
    /// Whether all rows of all tables are looked through afterwards for one that refers to nothing: a minute for ten million events, while
    /// nobody else can write.
    var touchesKeys = true
}
