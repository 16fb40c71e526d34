import Common
import Testing

@testable import AdminFCGI

@Suite struct ListPartTests {
    private static func part(_ query: String, of numbers: [Int64] = Array(1...10), size: Int = 4) -> ListPart<Int64> {
        ListPart(
            PageFields(encoded: query), at: "/x", size: size, number: { $0 },
            newest: { before, limit in Array(numbers.filter { $0 < before ?? .max }.sorted(by: >).prefix(limit)) },
            next: { after, limit in Array(numbers.filter { $0 > after }.sorted().prefix(limit)) })
    }

    private static let cases: [(String, [Int64], String?, String?)] = [
        ("", [10, 9, 8, 7], "/x?before=7", nil), ("before=7", [6, 5, 4, 3], "/x?before=3", "/x?after=6"),
        ("before=3", [2, 1], nil, "/x?after=2"), ("after=2", [6, 5, 4, 3], "/x?before=3", "/x?after=6"),
        // No more than a page is left: the newest page, which begins where the list does.
        ("after=6", [10, 9, 8, 7], "/x?before=7", nil), ("after=99", [10, 9, 8, 7], "/x?before=7", nil),
        ("before=1", [], nil, "/x?after=0"), ("tenant=a&before=7", [6, 5, 4, 3], "/x?tenant=a&before=3", "/x?tenant=a&after=6"),
        ("before=x", [10, 9, 8, 7], "/x?before=7", nil), ("before=-7", [10, 9, 8, 7], "/x?before=7", nil),
        ("before=9223372036854775808", [10, 9, 8, 7], "/x?before=7", nil),
        ("after=9223372036854775807", [10, 9, 8, 7], "/x?before=7", nil),
        ("before=0", [], nil, "/x?after=0"),
    ]

    @Test(arguments: cases)
    func walks(_ query: String, rows: [Int64], older: String?, newer: String?) {
        let part = Self.part(query)
        #expect(part.rows == rows && part.older == older && part.newer == newer)
    }

    @Test func anEmptyList() {
        let part = Self.part("", of: [])
        #expect(part.rows.isEmpty && part.older == nil && part.newer == nil)
    }
}
