extension Settings {
    /// How much is kept of what verification refused.
    public struct Rejected: Sendable, Equatable {
        /// Requests in all, 0 to 100,000; 0 keeps none.
        public var keep = 10_000
        /// Bytes of bodies and headers in all, 1 MiB to 64 GiB.
        public var bytes = 64 << 20
        /// Requests of one source in one minute, 1 to 1000.
        public var perMinute = 30
        /// 1 to 30: no longer than a key is kept at least, or what came again by itself could be taken in twice.
        public var days = 30

        public init() {}

        /// What one source may bring in one minute: a sixteenth of all, so that none fills the store at once.
        var bytesPerMinute: Int { bytes / 16 }

        /// What one address may bring of it: half, so that one sender leaves room for the others.
        var perMinuteOfOneAddress: Int { max(1, (perMinute + 1) / 2) }
    }

    mutating func readRejected(_ section: SettingsSection, in file: inout SettingsFile) {
        section.refuseOthers(than: ["keep", "bytes", "per-minute", "days"], in: &file)
        if let count = section.number("keep", 0...100_000, in: &file) { rejected.keep = count }
        if let bytes = section.bytes("bytes", 1 << 20...64 << 30, in: &file) { rejected.bytes = bytes }
        if let count = section.number("per-minute", 1...1000, in: &file) { rejected.perMinute = count }
        if let days = section.number("days", 1...30, in: &file) { rejected.days = days }
    }
}
