import ArgumentParser
import Common

extension SourceName: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }

    /// A mistyped source would find nothing, and look like good news.
    func validateIsKnown() throws {
        guard Providers.inSettings[self] == nil else { return }
        throw ValidationError("no source \(self); `gatepost providers` lists them")
    }
}

extension Providers {
    /// For looking at what is stored: where the settings cannot be read, the catalogue alone.
    static var inSettings: Providers { (try? Settings.load())?.providers ?? .catalogue }
}

extension TenantName: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension EventPattern: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension EventID: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// Also by the words that `gatepost status` heads its columns with.
extension EventStatus: ExpressibleByArgument {
    public init?(argument: String) {
        switch argument {
        case "kept": self = .received
        case "dead": self = .failed
        default: self.init(rawValue: argument)
        }
    }

    public static var allValueStrings: [String] { allCases.map(\.rawValue) + ["kept", "dead"] }
}

/// A moment as people write it: RFC 3339, or how long ago (`90s`, `15m`, `2h`, `7d`).
enum TimeArgument: Equatable, ExpressibleByArgument {
    case moment(Timestamp)
    case ago(Duration)

    init?(argument text: String) {
        if let moment = Timestamp(rfc3339: text) {
            self = .moment(moment)
            return
        }
        let units: [Substring: Int64] = ["s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400]
        let digits = text.utf8.prefix(while: ASCII.isDigit)
        guard let unit = units[text.dropFirst(digits.count)], let number = Int64(decimalDigits: digits), number <= 10_000_000
        else { return nil }
        self = .ago(.seconds(number * unit))
    }

    func resolved(now: Timestamp) -> Timestamp {
        switch self {
        case .moment(let moment): moment
        case .ago(let duration): Timestamp(milliseconds: now.milliseconds - duration.milliseconds)
        }
    }
}
