import Common
import Testing

@testable import AdminFCGI

/// What an action means must never be more than its form says.
@Suite struct TargetTests {
    @Test(arguments: [
        ("all=1", true), ("all=1&tenant=shop", true), ("all=1&tenant=a%20b", false), ("all=1&source=A!", false), ("all=0", false),
        ("", false),
        ("all=true", false),
    ])
    func meansAll(_ form: String, isAll: Bool) { #expect(Target(PageFields(encoded: form)).isAll == isAll) }

    @Test func takesSoManyIDs() {
        let ids = (0..<Int64(Target.mostIDs + 5)).map { "id=\(EventID(sequence: $0 << 15, entropy: 1))" }.joined(separator: "&")
        #expect(Target(PageFields(encoded: ids)).ids.count == Target.mostIDs)
        #expect(Target(PageFields(encoded: "id=1&id=x&id=%00")).ids.isEmpty)
    }

    @Test(
        arguments: [
            ("", nil), ("through=5", -1), ("through=5&after=3", 3), ("through=x", nil), ("through=5&after=-1", -1),
            ("through=5&source=A!", nil),
            ("through=5&tenant=%22", nil), ("through=99999999999999999999", nil),
        ] as [(String, Int64?)])
    func bulkReverify(_ form: String, after: Int64?) { #expect(BulkReverify(PageFields(encoded: form))?.after == after) }

    @Test func sumsGoRound() throws {
        let sums = try #require(BulkReverify.Sums(PageFields(encoded: "judged=3&admitted=1&duplicates=1&refused=1")))
        #expect(sums.words == "3 requests judged again: 1 taken in, 1 known already, 1 refused still.")
        #expect(BulkReverify.Sums(PageFields(sums.fields))?.words == sums.words)
        #expect(BulkReverify.Sums(PageFields(encoded: "judged=999999999999999999"))?.judged == 1_000_000_000)
        #expect(BulkReverify.Sums(PageFields(encoded: "judged=%3Cb%3E")) == nil)
    }
}
