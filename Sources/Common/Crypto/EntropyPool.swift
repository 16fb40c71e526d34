/// Random numbers from libcrypto's generator, fetched some at a time: asking the kernel for eight bytes costs a system call.
struct EntropyPool: RandomNumberGenerator {
    private static let size = 512
    private var bytes: Bytes = []
    private var used = size

    mutating func next() -> UInt64 {
        if used == Self.size {
            bytes = Crypto.random(Self.size)
            used = 0
        }
        defer { used += 8 }
        return bytes[used..<used + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
