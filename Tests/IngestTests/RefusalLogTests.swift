import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct RefusalLogTests {
    private let log = RefusalLog()
    private func head(_ path: String) -> RequestHead { RequestHead([("REQUEST_URI", path)]) }

    private func refuse(_ refusal: Refusal, _ count: Int, at moment: Timestamp, path: String = "/api/webhooks/stripe/ingest") throws
        -> [String]
    {
        let gateway = try Gateway.sample()
        return (0..<count).flatMap { _ in log.lines(refusal, head(path), by: gateway, at: moment) }.map { text($0.json) }
    }

    @Test func writesTheFirstOfAMinuteAndCountsTheRest() throws {
        #expect(try refuse(.emptyBody, 100, at: noon).count == RefusalLog.most)
        #expect(try refuse(.unknownPath, 3, at: noon).count == 3, "another reason has a count of its own")
        #expect(log.leftOut(at: noon).isEmpty)
        let next = try refuse(.emptyBody, 1, at: noon + .seconds(60))
        #expect(next.count == 2 && next[0].contains(#""reason":"empty_body","omitted":70"#) && next[0].contains(#""source":"stripe""#))
        #expect(log.leftOut(at: noon + .seconds(120)).isEmpty, "nothing was left out")
    }

    @Test func saysWhatItLeftOutAlsoWhenNothingComesAfter() throws {
        _ = try refuse(.emptyBody, 31, at: noon)
        #expect(log.leftOut(at: noon, ending: true).map { text($0.json) }.contains { $0.contains(#""omitted":1"#) })
        #expect(log.leftOut(at: noon + .seconds(60)).isEmpty)
    }

    /// What a stranger thinks of makes no entry.
    @Test func sourcesThatNobodyKnowsAreOne() throws {
        var count = 0
        for number in 0..<200 {
            count += try refuse(.unknownSource("s\(number)"), 1, at: noon, path: "/api/webhooks/s\(number)/ingest").count
        }
        #expect(count == RefusalLog.most)
    }

    @Test func whatIsKeptIsAlwaysWritten() throws {
        let gateway = try Gateway.sample()
        _ = try refuse(.emptyBody, 100, at: noon)
        #expect(log.lines(.emptyBody, head("/api/webhooks/stripe/ingest"), id: "kept", by: gateway, at: noon).count == 1)
    }
}
