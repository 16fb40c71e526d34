/// Which of a tenant's events go to WordPress yet: by source and type, and on the way a percentage of people.
public struct Cutover: Sendable, Equatable {
    public enum Mode: String, Sendable, CaseIterable {
        case live
        /// Everything up to the push; what would have been sent is kept.
        case mirror
        /// Stored and shown.
        case off
    }

    public struct Rule: Sendable, Equatable {
        /// Of `source/type`.
        public let pattern: EventPattern
        public let mode: Mode
        /// Of people, 0 to 100: the rest is mirrored. Counts for `live` alone.
        public let percent: Int

        public init(pattern: EventPattern, mode: Mode, percent: Int = 100) {
            self.pattern = pattern
            self.mode = mode
            self.percent = percent
        }

        /// `off`, `mirror`, `live` or `25%`.
        public init?(pattern: EventPattern, _ text: String) {
            if let mode = Mode(rawValue: text) {
                self.init(pattern: pattern, mode: mode)
            } else if text.hasSuffix("%"), let percent = Int64(decimalDigits: text.utf8.dropLast()), percent <= 100 {
                self.init(pattern: pattern, mode: .live, percent: Int(percent))
            } else {
                return nil
            }
        }
    }

    /// The first that matches counts; where none does: live.
    public var rules: [Rule]

    public init(rules: [Rule] = []) { self.rules = rules }

    /// - Parameter lane: whose event it is; the event's id where it has none.
    public func mode(tenant: String, source: String, type: String, lane: String) -> Mode {
        guard !rules.isEmpty, let rule = rules.first(where: { $0.pattern.matches("\(source)/\(type)") }) else { return .live }
        guard rule.mode == .live, rule.percent < 100 else { return rule.mode }
        return Self.share(tenant: tenant, lane: lane) < rule.percent ? .live : .mirror
    }

    /// 0 to 99, always the same for one person. Who is in at ten percent is in at twenty.
    static func share(tenant: String, lane: String) -> Int {
        let digest = Crypto.sha256(Bytes("\(tenant)\n\(lane)".utf8))
        return Int(digest.prefix(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 100)
    }
}
