/// How long ingest took with one post, in parts, each in microseconds; 71 minutes at most.
public struct IngestTiming: Sendable, Equatable {
    /// From its first byte until it was read and verified.
    let verify: UInt32
    /// Of the commit that it went with.
    let commit: UInt32
    /// From its first byte until the answer could go.
    let total: UInt32

    public init(verifyNanoseconds: Int64, commitNanoseconds: Int64, totalNanoseconds: Int64) {
        self.init(verify: verifyNanoseconds / 1000, commit: commitNanoseconds / 1000, total: totalNanoseconds / 1000)
    }

    init(verify: Int64, commit: Int64, total: Int64) {
        (self.verify, self.commit, self.total) = (UInt32(clamping: verify), UInt32(clamping: commit), UInt32(clamping: total))
    }
}

/// How long ingest took with the post that one event came with.
struct EventTiming: Sendable, Equatable {
    /// The event's row number.
    let sequence: Int64
    let timing: IngestTiming

    /// Bytes that it takes in the store; 24 in memory.
    static let size = 20

    /// That wait at most, in ingest's memory and in the store each: where nobody reads them they must not grow.
    static let most = 40_000

    /// One behind the other, as the table `ingest_timing` has them.
    static func packed(_ timings: some Collection<EventTiming>) -> Bytes {
        Bytes.written(atMost: timings.count * size) { bytes in
            for one in timings {
                bytes.append(littleEndian: one.sequence)
                bytes.append(littleEndian: one.timing.verify)
                bytes.append(littleEndian: one.timing.commit)
                bytes.append(littleEndian: one.timing.total)
            }
        }
    }

    /// A rest that makes no whole one is left out.
    static func unpacked(_ bytes: Bytes) -> [EventTiming] {
        bytes.withUnsafeBytes { bytes in
            func microseconds(at place: Int) -> Int64 {
                Int64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
            }
            return stride(from: 0, to: bytes.count / size * size, by: size).map { place in
                EventTiming(
                    sequence: Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)),
                    timing: IngestTiming(
                        verify: microseconds(at: place + 8), commit: microseconds(at: place + 12), total: microseconds(at: place + 16)))
            }
        }
    }
}
