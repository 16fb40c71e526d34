import Foundation
import Testing

@testable import Common

@Suite struct EventIDTests {
    @Test(
        arguments: [
            (0, 0, "00000000-0000-7000-8000-000000000000"),
            (.max, .max, "ffffffff-ffff-7fff-bfff-ffffffffffff"),
            (.max, 0, "ffffffff-ffff-7fff-b800-000000000000"),
            (0, .max, "00000000-0000-7000-87ff-ffffffffffff"),
            // The time of RFC 9562's example, A.6.
            (0x017F_22E2_79B0 << 15, 0x18C4_DC0C_0C07_398F, "017f22e2-79b0-7000-80c4-dc0c0c07398f"),
            (0x017F_22E2_79B0 << 15 | 9, 0, "017f22e2-79b0-7001-8800-000000000000"),
        ] as [(Int64, UInt64, String)])
    func writes(_ sequence: Int64, entropy: UInt64, expected: String) {
        let id = EventID(sequence: sequence, entropy: entropy)
        #expect(id.description == expected)
        #expect(EventID(expected)?.sequence == sequence)
    }

    @Test func comesBackAndKeepsItsOrder() throws {
        var random = Seeded(5)
        var ids: [EventID] = []
        for _ in 0..<3000 {
            let id = EventID(sequence: Int64.random(in: 0...(.max), using: &random), entropy: random.next())
            let read = try #require(EventID(id.description))
            #expect(read == id)
            let uuid = try #require(UUID(uuidString: id.description)).uuid
            #expect(uuid.6 >> 4 == 7 && uuid.8 >> 6 == 0b10)
            ids.append(id)
        }
        #expect(ids.sorted { $0.sequence < $1.sequence } == ids.sorted { $0.description < $1.description })
    }

    @Test(arguments: [
        "", "017f22e2-79b0-7000-80c4-dc0c0c07398", "017f22e2-79b0-7000-80c4-dc0c0c07398f0", "017F22E2-79B0-7000-80C4-DC0C0C07398F",
        "017f22e2-79b0-4000-80c4-dc0c0c07398f", "017f22e2-79b0-8000-80c4-dc0c0c07398f", "017f22e2-79b0-7000-00c4-dc0c0c07398f",
        "017f22e2-79b0-7000-c0c4-dc0c0c07398f", "017f22e2079b0-7000-80c4-dc0c0c07398f", "017f22e2-79b0-7000-80c4-dc0c0c07398g",
        "017f22e2-79b0-7000-80c4-dc0c0c0739--", "{17f22e2-79b0-7000-80c4-dc0c0c07398f", "017f22e279b0700080c4dc0c0c07398f",
        "017f22e2-79b0-7000-80c4-dc0c0c07398f\n", "００７f22e2-79b0-7000-80c4-dc0c",
    ])
    func refuses(_ text: String) { #expect(EventID(text) == nil) }

    // MARK: Giving them out

    @Test func holdsTheTime() {
        var ids = EventIDSource(after: 0)
        let now = Timestamp(milliseconds: 1_795_456_800_123)
        #expect(ids.next(now: now, entropy: 0).sequence >> 15 == now.milliseconds)
    }

    @Test(
        arguments: [
            ("the clock stands", [5, 5, 5]), ("goes on", [5, 6, 7]), ("goes back", [5, 4, 0]), ("is before 1970", [-5, -6, .min]),
            ("is beyond all bounds", [.max, .max, 1]), ("jumps", [0, 1 << 47, 3]),
        ] as [(String, [Int64])])
    func rises(_ when: String, clock: [Int64]) {
        var ids = EventIDSource(after: 17)
        var last: Int64 = 17
        for milliseconds in clock {
            let id = ids.next(now: Timestamp(milliseconds: milliseconds), entropy: .max)
            #expect(id.sequence > last, "\(when)")
            #expect(EventID(id.description) == id, "\(when)")
            last = id.sequence
        }
    }

    /// More than 32,768 in one millisecond run into the next one.
    @Test func overflowsIntoTheNextMillisecond() {
        var ids = EventIDSource(after: 0)
        let now = Timestamp(milliseconds: 1000)
        let last = (0...32_768).reduce(Int64(0)) { _, _ in ids.next(now: now, entropy: 0).sequence }
        #expect(last >> 15 == 1001)
        #expect(ids.next(now: Timestamp(milliseconds: 1001), entropy: 0).sequence == last + 1)
    }
}
