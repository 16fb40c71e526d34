import Delivery
import Testing
import Transport

@Suite struct CollectorAnswerTests {
    private func answer(_ status: Int, _ body: String, type: String = "application/json") -> CollectorAnswer {
        CollectorAnswer(HTTPResponse(status: status, headers: [(name: "content-type", value: type)], body: [UInt8](body.utf8)), to: 5)
    }

    /// The empty answer, and one with protobuf's bytes where JSON was asked for: it has taken them.
    @Test(arguments: ["{}", "", #"{"partialSuccess":{}}"#, #"{"partialSuccess":{"rejectedSpans":0,"errorMessage":""}}"#, "\n\u{2}"])
    func takesThem(_ body: String) {
        let answer = answer(200, body)
        #expect(answer.refused == 0 && answer.words == nil)
    }

    @Test(arguments: [
        (#"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}"#, 2, "it refused 2 of 5 spans: too old"),
        (#"{"partialSuccess":{"rejectedSpans":1}}"#, 1, "it refused 1 of 5 spans"),
        (#"{"partialSuccess":{"rejectedSpans":"99"}}"#, 5, "it refused 5 of 5 spans"),
        (#"{"partialSuccess":{"rejectedSpans":-1,"errorMessage":"your licence ends"}}"#, 0, "it refused none, and says: your licence ends"),
    ])
    func saysWhatItRefused(_ body: String, refused: Int, words: String) {
        let answer = answer(200, body)
        #expect(answer.refused == refused && answer.words == words)
    }

    @Test func aPageIsNoCollectors() {
        for page in [answer(200, "<!doctype html>", type: "text/plain"), answer(200, "log in", type: "text/html; charset=utf-8")] {
            #expect(page.refused == 5 && page.words == "status 200 with a page, as no collector answers")
        }
        #expect(answer(503, "{}").refused == 5 && answer(503, "{}").words == "status 503")
    }
}
