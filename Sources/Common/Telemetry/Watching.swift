/// Whether ingest does what is only for looking at: log lines, counters, times for traces. Off in the one program that
/// `bench/conditions.py watched` builds, to see what it costs.
public enum Watching {
    #if UNWATCHED
        @inlinable public static var isOn: Bool { false }
    #else
        @inlinable public static var isOn: Bool { true }
    #endif
}
