import Common
import Testing

@testable import AdminFCGI

@Suite struct EventsQueryTests {
    @Test(arguments: [
        ("2026-11-24T18:00", "2026-11-24T18:00:00.000Z"), ("2026-11-24T18:00:30", "2026-11-24T18:00:30.000Z"),
        ("2026-11-24", "2026-11-24T00:00:00.000Z"), ("2026-11-24T18:00:00+01:00", "2026-11-24T17:00:00.000Z"),
    ])
    func reads(time text: String, as expected: String) {
        let (filter, problems) = EventsQuery.filter(PageFields([("since", text), ("until", text)]))
        #expect(filter.since?.description == expected && filter.until?.description == expected && problems.isEmpty)
    }

    @Test(arguments: [
        "since=yesterday", "until=2026-13-01", "tenant=a/b", "source=Stripe", "status=gone", "text=x",
        "text=\(String(repeating: "x", count: 301))",
        "user=\(String(repeating: "x", count: 301))",
    ])
    func saysWhatItCannotRead(_ query: String) {
        let (_, problems) = EventsQuery.filter(PageFields(encoded: query))
        #expect(problems.count == 1 && problems[0].hasPrefix(query.prefix { $0 != "=" } + ": expected"))
    }

    @Test func asksForNothingWhereNothingIsChosen() {
        let (filter, problems) = EventsQuery.filter(PageFields(encoded: "text=&status=&tenant=+"))
        #expect(filter == EventFilter() && problems.isEmpty)
    }
}
