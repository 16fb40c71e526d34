import Foundation

@testable import Common

/// A time that is taken is the one that the C library has for it, and reads the same when it is written anew.
enum TimeFuzz {
    static func check(_ input: Bytes) -> String? {
        let text = String(decoding: input, as: UTF8.self)
        if let moment = Timestamp(rfc3339: text), let fault = judge(moment, Bytes(text.utf8)) { return fault }
        if let moment = Timestamp(asItReads: input), let fault = rewritten(moment) { return fault }
        if let number = Double(text), let moment = Timestamp(fractionalSeconds: number) {
            guard abs(Double(moment.milliseconds) / 1000 - number) <= 0.001 else { return "seconds are not kept to the millisecond" }
        }
        if let number = Int64(text), let moment = Timestamp(seconds: number), moment.milliseconds / 1000 != number {
            return "seconds are not kept"
        }
        return nil
    }

    private static func judge(_ moment: Timestamp, _ text: Bytes) -> String? {
        func number(_ range: Range<Int>) -> Int32 { Int32(String(decoding: text[range], as: UTF8.self)) ?? -1 }
        var time = tm()
        (time.tm_year, time.tm_mon, time.tm_mday) = (number(0..<4) - 1900, number(5..<7) - 1, number(8..<10))
        (time.tm_hour, time.tm_min, time.tm_sec) = (number(11..<13), number(14..<16), number(17..<19))
        let local = Int64(timegm(&time)) * 1000
        let off = moment.milliseconds - local
        // The offset has whole minutes, the fraction is what is left.
        guard abs(off) < 86_400_000, off.quotientAndRemainder(dividingBy: 60_000, roundedDown: ()).remainder < 1000 else {
            return "the C library has another time"
        }
        if text.last.map(ASCII.lowercased) == UInt8(ascii: "z"), !(0..<1000).contains(off) { return "the C library has another time" }
        return rewritten(moment)
    }

    /// RFC 3339 can write the years 0 to 9999.
    private static func rewritten(_ moment: Timestamp) -> String? {
        guard (-62_167_219_200_000..<253_402_300_800_000).contains(moment.milliseconds) else { return nil }
        return Timestamp(rfc3339: moment.description) == moment ? nil : "written anew it is another time"
    }
}
