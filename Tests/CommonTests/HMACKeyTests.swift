import Testing

@testable import Common

@Suite struct HMACKeyTests {
    struct Vector: Sendable, CustomStringConvertible {
        let description: String
        let key: Bytes
        let message: Bytes
        let sha1, sha256, sha512: String?

        init(_ name: String, key: Bytes, _ message: Bytes, sha1: String? = nil, sha256: String? = nil, sha512: String? = nil) {
            description = name
            (self.key, self.message, self.sha1, self.sha256, self.sha512) = (key, message, sha1, sha256, sha512)
        }
    }

    private static func of(_ byte: UInt8, _ count: Int) -> Bytes { Bytes(repeating: byte, count: count) }

    @Test(arguments: [
        // RFC 4231, section 4.
        Vector(
            "4231-1", key: of(0x0b, 20), Bytes("Hi There".utf8), sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            sha512:
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"
        ),
        Vector(
            "4231-2", key: Bytes("Jefe".utf8), Bytes("what do ya want for nothing?".utf8), sha1: "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            sha512:
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        ),
        Vector(
            "4231-3", key: of(0xaa, 20), of(0xdd, 50), sha1: "125d7342b9ac11cd91a39af48aa17b4f63f175d3",
            sha256: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            "4231-4", key: (1...25).map { UInt8($0) }, of(0xcd, 50), sha1: "4c9007f4026250c6bc8414f9bf50c86c2d7235da",
            sha256: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            "4231-6", key: of(0xaa, 131), Bytes("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            "4231-7", key: of(0xaa, 131),
            Bytes(
                "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."
                    .utf8), sha256: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
        // RFC 2202, section 3.
        Vector("2202-1", key: of(0x0b, 20), Bytes("Hi There".utf8), sha1: "b617318655057264e28bc0b6fb378c8ef146be00"),
        Vector(
            "2202-6", key: of(0xaa, 80), Bytes("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            sha1: "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
        Vector(
            "2202-7", key: of(0xaa, 80), Bytes("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data".utf8),
            sha1: "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"),
        Vector(
            "nothing at all", key: [], [], sha1: "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d",
            sha256: "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ])
    func givesTheVectors(_ vector: Vector) throws {
        for (hash, expected) in [(HMACKey.Hash.sha1, vector.sha1), (.sha256, vector.sha256), (.sha512, vector.sha512)] {
            guard let expected else { continue }
            let key = try HMACKey(vector.key, hash: hash)
            #expect(text(Hex.encode(key.code(over: vector.message))) == expected)
            #expect(text(Hex.encode(key.code(over: vector.message))) == expected, "a key may be used again")
        }
    }

    @Test func emptyKeyIsAKeyOfZeroes() throws {
        #expect(try HMACKey([]).code(over: [1]) == HMACKey(Bytes(repeating: 0, count: 64)).code(over: [1]))
        #expect(try HMACKey([]).code(over: [1]) != HMACKey([1]).code(over: [1]))
    }

    @Test func partsAreOneMessage() throws {
        let key = try HMACKey(Bytes("key".utf8))
        var random = Seeded(9)
        for _ in 0..<200 {
            let message = random.bytes(Int.random(in: 0...300, using: &random))
            let cuts = (0..<3).map { _ in Int.random(in: 0...message.count, using: &random) }.sorted()
            let parts = [message[..<cuts[0]], message[cuts[0]..<cuts[1]], [], message[cuts[1]..<cuts[2]], message[cuts[2]...]]
            #expect(key.code(over: parts) == key.code(over: message))
        }
        #expect(key.code(over: [ArraySlice<UInt8>]()) == key.code(over: Bytes()))
    }

    @Test func servesManyThreadsAtOnce() async throws {
        let key = try HMACKey(Bytes("shared".utf8))
        let expected = (0..<64).map { key.code(over: Bytes(repeating: UInt8($0), count: 100 * $0)) }
        let agree = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<10).allSatisfy { _ in
                        (0..<64).allSatisfy { key.code(over: Bytes(repeating: UInt8($0), count: 100 * $0)) == expected[$0] }
                    }
                }
            }
            return await group.allSatisfy { $0 }
        }
        #expect(agree)
    }
}

@Suite struct CryptoTests {
    @Test(
        arguments: [
            ([], [], true), ([1], [1], true), ([1], [2], false), ([1], [], false), ([], [1], false), ([1, 2], [1], false), ([0], [], false),
            ([1, 2, 3], [1, 2, 4], false), ([9, 2, 3], [1, 2, 3], false),
        ] as [(Bytes, Bytes, Bool)])
    func compares(_ left: Bytes, _ right: Bytes, isEqual: Bool) { #expect(Crypto.equal(left, right) == isEqual) }

    /// FIPS 180-4's examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ])
    func digests(_ plain: String, expected: String) {
        #expect(text(Hex.encode(Crypto.sha256(Bytes(plain.utf8)))) == expected)
        #expect(text(Hex.encode(Crypto.sha256(Bytes(plain.utf8)[...]))) == expected)
        #expect(text(Hex.encode(Crypto.sha256(plain.utf8.lazy.map { $0 }))) == expected, "not contiguous")
    }

    @Test func randomBytesDiffer() {
        #expect(Crypto.random(16) != Crypto.random(16))
        #expect(Crypto.random(0).isEmpty)
    }

    /// A context that has made one code makes the next: of each hash, one after another and at once.
    @Test(arguments: HMACKey.Hash.allCases) func makesAnyNumberOfCodes(_ hash: HMACKey.Hash) async throws {
        let key = try HMACKey([1, 2, 3], hash: hash)
        let messages = (0..<200).map { Bytes(repeating: UInt8($0), count: $0 * 7) }
        let expected = try messages.map { try HMACKey([1, 2, 3], hash: hash).code(over: $0) }
        #expect(messages.map { key.code(over: $0) } == expected)
        let atOnce = await withTaskGroup(of: (Int, Bytes).self) { group in
            for (place, message) in messages.enumerated() { group.addTask { (place, key.code(over: message)) } }
            return await group.reduce(into: [Int: Bytes]()) { $0[$1.0] = $1.1 }
        }
        #expect(messages.indices.map { atOnce[$0] } == expected)
    }
}
