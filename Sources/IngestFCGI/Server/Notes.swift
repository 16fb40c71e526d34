import Common

/// What rounds have to say: log lines and counts. While one round follows another at once it is said of several together: each write wakes
/// who reads the log, and that costs more than to make the lines. A kill or a crash loses what was not said yet.
struct Notes {
    /// Bytes of lines, and nanoseconds since the first of them: what comes first makes the end of that round the time to tell them.
    static let most = 32 << 10
    static let longest: Int64 = 20_000_000

    var log = EventLog()
    var counts = Counters()
    var durations = HistogramCounts(.ingestDuration)
    /// By `SteadyClock`: when the first round that was not told has left something.
    private var since: Int64?

    var isEmpty: Bool { since == nil }

    /// A round has written all that it has to say.
    /// - Parameter now: by `SteadyClock`.
    mutating func end(at now: Int64) {
        if since == nil, !log.text.isEmpty || !counts.isEmpty || !durations.isEmpty { since = now }
    }

    func areDue(at now: Int64) -> Bool {
        guard let since else { return false }
        return log.text.count >= Self.most || now - since >= Self.longest
    }

    mutating func tell(_ pending: PendingCounters, write: (Bytes) -> Void = LogSink.write(text:)) {
        guard !isEmpty else { return }
        write(log.text)
        log.clear()
        counts.observe(.ingestDuration, durations)
        pending.add(counts)
        (counts, durations, since) = (Counters(), HistogramCounts(.ingestDuration), nil)
    }
}
