import Glibc

/// Nanoseconds since some moment: clock_gettime(3), CLOCK_MONOTONIC. Nobody sets it, and a machine that sleeps stops it. Read with each request: a
/// `ContinuousClock` counts in 128 bits, and to take microseconds out of its difference costs 200 instructions.
enum SteadyClock {
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// Processor time of the thread that asks: clock_gettime(3), CLOCK_THREAD_CPUTIME_ID.
enum ThreadClock {
    static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
