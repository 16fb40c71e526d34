/// Which of the refused requests are worth a row, decided before the disk is touched: so many of each source in each minute, the first
/// to come. What is beyond that is counted alone.
///
/// Holds one counter a source, each with as many addresses as the minute has rows: what a stranger can make it hold is bounded.
public struct RejectionBudget: Sendable {
    private struct Minute {
        let number: Int64
        var rows = 0
        var bytes = 0
        var byAddress: [String: Int] = [:]
    }

    private let limits: Settings.Rejected
    private var minutes: [SourceName: Minute] = [:]
    private var missed: [SourceName: Int] = [:]

    public init(_ limits: Settings.Rejected) { self.limits = limits }

    /// Says whether a request is to be kept, and counts it either way.
    /// - Parameters:
    ///   - source: one of those in the settings.
    ///   - address: counted by network: one customer has 2^64 addresses of IPv6.
    ///   - bytes: of body and header.
    /// - Returns: how many of its source were missed since the last one kept; nil: this one is not kept.
    public mutating func take(_ source: SourceName, address: String?, bytes: Int, now: Timestamp) -> Int? {
        let number = now.minute
        var minute = minutes[source].flatMap { $0.number == number ? $0 : nil } ?? Minute(number: number)
        let address = Network.name(of: address) ?? ""
        let fits =
            limits.keep > 0 && minute.rows < limits.perMinute && minute.bytes + bytes <= limits.bytesPerMinute
            && minute.byAddress[address, default: 0] < limits.perMinuteOfOneAddress
        guard fits else {
            miss(source)
            return nil
        }
        minute.rows += 1
        minute.bytes += bytes
        minute.byAddress[address, default: 0] += 1
        minutes[source] = minute
        return missed.removeValue(forKey: source) ?? 0
    }

    /// Counts what is not kept for another reason.
    /// - Parameter count: it, and those that it would have told of.
    public mutating func miss(_ source: SourceName, _ count: Int = 1) { missed[source, default: 0] += count }
}

extension Timestamp {
    /// Since 1970.
    var minute: Int64 { milliseconds.quotientAndRemainder(dividingBy: 60_000, roundedDown: ()).quotient }
}
