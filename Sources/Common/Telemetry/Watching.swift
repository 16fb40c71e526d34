import Synchronization

/// Whether ingest does what is only for looking at: log lines, counters, times for traces. It does, but in the one program that
/// `bench/conditions.py watched` builds, to see what it costs: SIGUSR1 turns that one to less and to all again.
public enum Watching {
    #if SWITCHABLE
        private enum Level { static let now = Atomic<Int>(2) }

        public static var isOn: Bool { Level.now.load(ordering: .relaxed) > 0 }
        public static var hasTraces: Bool { Level.now.load(ordering: .relaxed) > 1 }

        /// From all to nothing, to logs and metrics, to all. Safe in a signal's handler.
        public static func turn() { Level.now.store((Level.now.load(ordering: .relaxed) + 1) % 3, ordering: .relaxed) }
    #else
        @inlinable public static var isOn: Bool { true }
        @inlinable public static var hasTraces: Bool { true }
    #endif
}
