import Common
import Synchronization

/// The desk as the settings have it now. Turns ask for it once a round, so that a change loses no request.
final class CurrentDesk: Sendable {
    private let held: Mutex<Desk>
    /// What cannot change while the program runs.
    private let database: String
    private let ingest: Settings.Ingest

    init(_ desk: Desk, _ settings: Settings) {
        held = Mutex(desk)
        database = settings.database
        ingest = settings.ingest
    }

    var desk: Desk { held.withLock { $0 } }

    /// Reads settings and secrets anew. Where something is wrong with them the old ones go on, and the log says why.
    /// - Parameter load: how the settings are read.
    func reload(_ load: () throws(SettingsError) -> Settings = { () throws(SettingsError) in try Settings.load() }) {
        let now = WallClock.system.now()
        do {
            var settings = try load()
            try takeKeys(settings.encryption, now: now)
            settings.hashKey = desk.store.vault.hashKey
            let live = try LiveGateway(settings, LearnedSecrets(store: desk.store), now: now)
            guard !live.gateway.sources.isEmpty else { throw NothingToServe() }
            try desk.store.know(live.secretKeys, now: now)
            let anchors = live.gateway.anchors(settings)
            held.withLock {
                $0 = Desk(
                    $0, live: live, freeSpaceFloor: settings.ingest.freeSpaceFloor, rejected: settings.rejected, anchors: anchors)
            }
            LogSink.write([
                LogLine("settings read anew", at: now)
                    .with("sources", settings.sources.keys.sorted().map(\.description).joined(separator: ","))
            ])
            if needsRestart(settings) {
                LogSink.write([
                    LogLine("database, ingest.turns and ingest.max-waiting change with a restart alone", level: .warning, at: now)
                ])
            }
        } catch {
            let problems = (error as? SettingsError)?.problems.map(\.description) ?? ["\(error)"]
            LogSink.write(problems.map { LogLine("settings not taken, the old ones go on: \($0)", level: .error, at: now) })
        }
    }

    /// Other keys count once they open the store; else the old ones do.
    private func takeKeys(_ new: Settings.Encryption, now: Timestamp) throws {
        let vault = desk.store.vault
        let old = (keys: vault.keys, mode: vault.mode)
        guard old.keys != new.keys || old.mode != new.mode else { return }
        vault.take(new.keys, mode: new.mode)
        do { try desk.store.prepareSealing(now: now) } catch {
            vault.take(old.keys, mode: old.mode)
            throw error
        }
    }

    private func needsRestart(_ settings: Settings) -> Bool {
        settings.database != database || settings.ingest.turns != ingest.turns || settings.ingest.maxWaiting != ingest.maxWaiting
    }

    private struct NothingToServe: Error, CustomStringConvertible {
        let description = "no source has a secret; set PROVIDER_SECRETS_STRIPE=tenant:secret or another source's"
    }
}
