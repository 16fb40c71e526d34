import Testing

@testable import Common

@Suite struct DataKeysTests {
    private static let one = String(repeating: "A", count: 43) + "="
    private static let two = "AQ" + String(repeating: "A", count: 41) + "="

    @Test(arguments: [
        ("none", "", 0), ("one", one, 1), ("without padding", String(one.dropLast()), 1), ("commas", "\(one),\(two)", 2),
        ("lines with a comment", "# old ones below\n\(one)\n\n  # from May\n\(two)\n", 2), ("a comment alone", "# none yet\n", 0),
    ])
    func reads(_ name: String, text: String, count: Int) throws {
        let keys = try DataKeys.parse(text).get()
        #expect(keys.all.count == count && keys.active?.id == keys.all.first?.id, "\(name)")
    }

    @Test(arguments: [
        ("short", "QUJD", "key 1 of 1: has 3 bytes, expected 32"), ("31 bytes", "A" + one.dropLast(4), "key 1 of 1: "),
        ("33 bytes", String(repeating: "A", count: 44), "key 1 of 1: has 33 bytes"), ("hex", "\(one),zz-!", "key 2 of 2: is no base64"),
        ("twice", "\(one),\(one)", "key 2 of 2: stands twice"),
    ])
    func refuses(_ name: String, text: String, why: String) {
        guard case .failure(let fault) = DataKeys.parse(text) else { return #expect(Bool(false), "\(name) was taken") }
        #expect(fault.description.hasPrefix(why) && !fault.description.contains("AAAA"), "\(name): \(fault)")
    }

    @Test func aMadeKeyIsReadAgain() throws {
        let (key, text) = DataKey.generate()
        #expect(try DataKeys.parse(text).get().all == [key] && key.id.count == 8)
        #expect(DataKey.generate().key != key)
        #expect("\(key)".contains("…") && !"\(key)".contains(text))
    }
}
