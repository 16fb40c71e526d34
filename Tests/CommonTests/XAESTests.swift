import Testing

@testable import Common

@Suite struct XAESTests {
    /// https://c2sp.org/XAES-256-GCM, Test Vectors.
    @Test(arguments: [
        (UInt8(1), "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
        (3, "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"),
    ])
    func isAsSpecified(_ byte: UInt8, associated: String, sealed: String) throws {
        let cipher = try XAES(Bytes(repeating: byte, count: 32))
        let (nonce, plain) = (Bytes("ABCDEFGHIJKLMNOPQRSTUVWX".utf8), Bytes("XAES-256-GCM".utf8))
        var output: Bytes = [7]
        cipher.seal([Bytes(plain[..<5]), [], Bytes(plain[5...])], nonce: nonce, associated: Bytes(associated.utf8), into: &output)
        #expect(String(decoding: Hex.encode(output.dropFirst()), as: UTF8.self) == sealed)
        #expect(cipher.open(output[1...], nonce: nonce, associated: Bytes(associated.utf8)) == plain)
    }

    @Test func opensNothingElse() throws {
        let cipher = try XAES(Bytes(repeating: 5, count: 32))
        let nonce = Bytes(repeating: 9, count: 24)
        var sealed = Bytes()
        cipher.seal([Bytes("a body".utf8)], nonce: nonce, associated: [1], into: &sealed)
        #expect(cipher.open(sealed[...], nonce: nonce, associated: [1]) == Bytes("a body".utf8))
        for place in sealed.indices {
            var changed = sealed
            changed[place] ^= 1
            #expect(cipher.open(changed[...], nonce: nonce, associated: [1]) == nil, "byte \(place)")
        }
        for place in [0, 11, 12, 23] {
            var other = nonce
            other[place] ^= 1
            #expect(cipher.open(sealed[...], nonce: other, associated: [1]) == nil, "nonce's byte \(place)")
        }
        #expect(cipher.open(sealed[...], nonce: nonce, associated: []) == nil)
        #expect(cipher.open(sealed.dropLast(), nonce: nonce, associated: [1]) == nil)
        #expect(cipher.open([], nonce: nonce, associated: [1]) == nil)
        #expect(try XAES(Bytes(repeating: 6, count: 32)).open(sealed[...], nonce: nonce, associated: [1]) == nil)
    }

    @Test func takesAnEmptyMessage() throws {
        let cipher = try XAES(Bytes(repeating: 5, count: 32))
        var sealed = Bytes()
        cipher.seal([], nonce: Bytes(repeating: 0, count: 24), associated: [], into: &sealed)
        #expect(sealed.count == 16 && cipher.open(sealed[...], nonce: Bytes(repeating: 0, count: 24), associated: []) == [])
    }
}
