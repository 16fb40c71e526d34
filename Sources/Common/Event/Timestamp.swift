import Foundation

/// A moment: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Nil where it would not fit; an attacker's number must not trap.
    public init?(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return nil }
        milliseconds = product
    }

    /// Seconds with a fraction, kept to the millisecond; nil for what no clock says.
    public init?(fractionalSeconds seconds: Double) {
        guard seconds.magnitude < 1e12 else { return nil }
        milliseconds = Int64((seconds * 1000).rounded())
    }

    public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds + duration.milliseconds)
    }

    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// Whole seconds, milliseconds where the number is too large for them, RFC 3339, or an HTTP date: `Tue, 14 Apr 2026 03:50:12 GMT`.
    init?(asItReads bytes: Bytes) {
        if let number = Int64(decimalDigits: bytes) {
            guard number < Int64.max / 1000 else { return nil }
            self.init(milliseconds: number > 100_000_000_000 ? number : number * 1000)
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
            self.init(rfc3339: text)
            return
        }
        self.init(rfc3339: "\(words[3])-\(month < 9 ? "0" : "")\(month + 1)-\(words[1])T\(words[4])Z")
    }

    /// RFC 3339 in UTC with milliseconds: `2026-11-23T18:00:00.123Z`.
    public var description: String {
        let (day, inDay) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000, roundedDown: ())
        let (year, month, dayOfMonth) = CivilDay.date(ofDay: day)
        if (0...9999).contains(year) { return Self.text(year, month, dayOfMonth, inDay) }
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let fraction = String(inDay % 1000 + 1000).dropFirst()
        let years = year >= 1000 ? "\(year)" : String("000\(year)".suffix(4))
        return
            "\(years)-\(two(month))-\(two(dayOfMonth))T\(two(inDay / 3_600_000)):\(two(inDay / 60_000 % 60)):\(two(inDay / 1000 % 60)).\(fraction)Z"
    }

    /// The same for the years that it is written for, digit by digit.
    private static func text(_ year: Int64, _ month: Int64, _ day: Int64, _ inDay: Int64) -> String {
        String(unsafeUninitializedCapacity: 24) { text in
            guard let start = text.baseAddress else { return 0 }
            var writer = ByteWriter(start, room: text.count)
            write(year, month, day, inDay, to: &writer)
            return writer.count
        }
    }

    /// Writes the description: at most 40 bytes. Every line of the log begins with one.
    func write(to text: inout ByteWriter) {
        let (day, inDay) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000, roundedDown: ())
        let (year, month, dayOfMonth) = CivilDay.date(ofDay: day)
        guard (0...9999).contains(year) else { return text.append(description) }
        Self.write(year, month, dayOfMonth, inDay, to: &text)
    }

    private static func write(_ year: Int64, _ month: Int64, _ day: Int64, _ inDay: Int64, to text: inout ByteWriter) {
        func two(_ number: Int64) {
            text.append(0x30 + UInt8(truncatingIfNeeded: number / 10))
            text.append(0x30 + UInt8(truncatingIfNeeded: number % 10))
        }
        two(year / 100)
        two(year % 100)
        text.append("-")
        two(month)
        text.append("-")
        two(day)
        text.append("T")
        two(inDay / 3_600_000)
        text.append(":")
        two(inDay / 60_000 % 60)
        text.append(":")
        two(inDay / 1000 % 60)
        text.append(".")
        text.append(0x30 + UInt8(truncatingIfNeeded: inDay % 1000 / 100))
        two(inDay % 100)
        text.append("Z")
    }

    /// RFC 3339, section 5.6, with any offset and any number of fraction digits (kept to the millisecond); a blank may stand for the `T`.
    public init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        func number(_ start: Int, _ count: Int) -> Int64? {
            start + count <= bytes.count ? Int64(decimalDigits: bytes[start..<start + count]) : nil
        }
        func mark(_ place: Int, _ allowed: StaticString) -> Bool {
            place < bytes.count && (0..<allowed.utf8CodeUnitCount).contains { allowed.utf8Start[$0] == bytes[place] }
        }
        guard let year = number(0, 4), mark(4, "-"), let month = number(5, 2), mark(7, "-"), let day = number(8, 2),
            mark(10, "Tt "), let hour = number(11, 2), mark(13, ":"), let minute = number(14, 2), mark(16, ":"),
            let second = number(17, 2), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var at = 19
        var fraction: Int64 = 0
        if mark(at, ".") {
            let digits = bytes[(at + 1)...].prefix(while: ASCII.isDigit)
            guard !digits.isEmpty else { return nil }
            fraction = (0..<3).reduce(0) { sum, place in
                sum * 10 + (place < digits.count ? Int64(digits[digits.startIndex + place] - 0x30) : 0)
            }
            at += 1 + digits.count
        }
        var offset: Int64 = 0
        if mark(at, "Zz") {
            at += 1
        } else if mark(at, "+-"), let hours = number(at + 1, 2) {
            let minutesAt = mark(at + 3, ":") ? at + 4 : at + 3
            guard let minutes = number(minutesAt, 2), hours < 24, minutes < 60 else { return nil }
            offset = (hours * 60 + minutes) * (bytes[at] == UInt8(ascii: "-") ? -1 : 1)
            at = minutesAt + 2
        } else {
            return nil
        }
        guard at == bytes.count else { return nil }
        let days = CivilDay.number(year: year, month: month, day: day)
        guard CivilDay.date(ofDay: days) == (year, month, day) else { return nil }  // 30 February
        let minutes = days * 1440 + hour * 60 + minute - offset
        milliseconds = (minutes * 60 + second) * 1000 + fraction
    }
}

/// Days since 1970-01-01 and back in the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms").
private enum CivilDay {
    static func number(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.quotientAndRemainder(dividingBy: 400, roundedDown: ()).quotient
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func date(ofDay number: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (number + 719_468).quotientAndRemainder(dividingBy: 146_097, roundedDown: ())
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

extension Int64 {
    func quotientAndRemainder(dividingBy divisor: Int64, roundedDown: ()) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    public var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

/// Where "now" comes from. Below `main`, prefer a plain `Timestamp`.
public struct WallClock: Sendable {
    public let now: @Sendable () -> Timestamp

    public init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    public static let system = WallClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    public static func stopped(at moment: Timestamp) -> Self { WallClock { moment } }
}
