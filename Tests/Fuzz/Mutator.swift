import Common

/// Random changes from a seed, so that what they find can be found again (SplitMix64).
struct Mutator: RandomNumberGenerator {
    private var state: UInt64
    /// Bytes that mean something to one parser or another.
    private static let marks = Bytes("\"\\{}[]:,;=&%+-.|/?#<>'$@ \t\r\n0919eEuvt\0\u{7f}".utf8) + [0x80, 0xC0, 0xED, 0xF4, 0xFF]

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// One to four changes.
    mutating func changed(_ input: Bytes, with others: [Bytes]) -> Bytes {
        var bytes = input
        for _ in 0...Int.random(in: 0..<4, using: &self) { change(&bytes, others) }
        return bytes
    }

    private mutating func change(_ bytes: inout Bytes, _ others: [Bytes]) {
        let place = Int.random(in: 0...bytes.count, using: &self)
        let end = min(bytes.count, place + Int.random(in: 1...16, using: &self))
        switch Int.random(in: 0..<6, using: &self) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
        case 1 where place < bytes.count: bytes[place] = Self.marks.randomElement(using: &self) ?? 0
        case 2: bytes.insert(Self.marks.randomElement(using: &self) ?? 0, at: place)
        case 3: bytes.removeSubrange(place..<end)
        case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
        default:
            guard let other = others.randomElement(using: &self), !other.isEmpty else { return }
            bytes.replaceSubrange(place..., with: other[Int.random(in: 0..<other.count, using: &self)...])
        }
    }
}
