import Common
import Synchronization

/// The settings as they are now; each request takes them once.
final class CurrentSettings: Sendable {
    private let held: Mutex<Settings>

    init(_ settings: Settings) { held = Mutex(settings) }

    var settings: Settings { held.withLock { $0 } }

    /// Reads settings and secrets anew. Where something is wrong with them the old ones go on, and the log says why.
    func reload(_ load: () throws(SettingsError) -> Settings = { () throws(SettingsError) in try Settings.load() }) {
        let now = WallClock.system.now()
        do throws(SettingsError) {
            let settings = try load()
            held.withLock { $0 = settings }
            LogSink.write([LogLine("settings read anew", at: now)])
        } catch {
            LogSink.write(error.problems.map { LogLine("settings not taken, the old ones go on: \($0)", level: .error, at: now) })
        }
    }
}
