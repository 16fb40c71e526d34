import Common
import Foundation
import Testing
import Transport

/// Traces from a sender through nginx, ingest and worker to WordPress, and what a collector hears of them.
@Suite struct TraceTests {
    private static let theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private struct Span {
        let name, traceID, id: String
        let parentID: String?
        let links: [String]
        let start, end: Int64
    }

    private func spans(_ collector: StandIn) -> [Span] {
        collector.calls.flatMap { call -> [Span] in
            guard let root = (try? JSONDocument(call.body))?.root else { return [] }
            return (root["resourceSpans"]?.elements.first?["scopeSpans"]?.elements.first?["spans"]?.elements ?? []).map { span in
                Span(
                    name: span["name"]?.string ?? "", traceID: span["traceId"]?.string ?? "", id: span["spanId"]?.string ?? "",
                    parentID: span["parentSpanId"]?.string, links: span["links"]?.elements.compactMap { $0["traceId"]?.string } ?? [],
                    start: span["startTimeUnixNano"]?.string.flatMap { Int64($0) } ?? 0,
                    end: span["endTimeUnixNano"]?.string.flatMap { Int64($0) } ?? 0)
            }
        }
    }

    /// The spans' names as OpenTelemetry's own schema reads them; as they came where that is not installed (scripts/need-python).
    private func decoded(_ collector: StandIn, in folder: URL) async throws -> [String] {
        let python = Programs.tree.appending(path: ".build/python/bin/python3").path
        guard FileManager.default.isExecutableFile(atPath: python) else { return spans(collector).map(\.name) }
        let script = Programs.tree.appending(path: "Tests/Tracing/decode-otlp.py").path
        var names: [String] = []
        for call in collector.calls {
            let file = folder.appending(path: "export.json")
            try Data(call.body).write(to: file)
            let read = try await finish(python, ["-B", script, file.path])
            guard read.succeeded else { throw TestFailure("\(read.errors)\(read.output)") }
            names += read.output.split(separator: "\n").map(String.init)
        }
        return names
    }

    @Test func oneTraceFromTheSenderToWordPress() async throws {
        let (wordpress, collector) = (try StandIn(), try StandIn { _, _ in .status(200, body: "{}") })
        let variables = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20t",
            "OTEL_SERVICE_NAME": "here",
        ]
        let sandbox = try await Sandbox(wordpress: wordpress.url, extra: variables)
        let ingest = try await sandbox.ingest()
        let first = try await sandbox.post(Events.stripeCustomer(), as: "stripe", headers: [("traceparent", Self.theirs)])
        let second = try await sandbox.post(
            Events.stripeCustomer(customer: "cus_2"), as: "stripe", headers: [("traceparent", Self.theirs.uppercased())])
        let own = try #require(second.headers.first { $0.name == "x-request-id" }?.value)
        #expect(first.status == 202 && second.status == 202 && own.count == 32)
        // Goes with them, and makes no span.
        let third = try await sandbox.post(
            Events.stripeCustomer(customer: "cus_3"), as: "stripe", headers: [("traceparent", Self.theirs.dropLast() + "0")])
        #expect(third.status == 202)
        try await eventually("the collector has heard of both ends") {
            let run = try await sandbox.worker()
            #expect(run.succeeded && !run.errors.contains("Bearer"), "\(run.errors)")
            return spans(collector).count >= 9
        }
        let all = spans(collector)
        #expect(all.map(\.name).sorted() == ["commit", "commit", "ingest", "ingest", "push", "verify", "verify", "wait", "wait"])
        #expect(all.allSatisfy { $0.start <= $0.end && $0.start > 1_700_000_000_000_000_000 })
        let theirs = all.filter { $0.traceID == "0af7651916cd43dd8448eb211c80319c" }
        let root = try #require(theirs.first { $0.name == "ingest" })
        #expect(root.parentID == "b7ad6b7169203331" && theirs.allSatisfy { $0.id == root.id || $0.parentID == root.id })
        #expect(
            all.first { $0.traceID == own && $0.name == "ingest" }.map { $0.parentID == nil } == true, "nginx's request id is the trace")
        let push = try #require(theirs.first { $0.name == "push" })
        #expect(push.links == [own])
        #expect(Set(all.filter { $0.name == "wait" }.map(\.links)) == [[push.traceID]])
        #expect(wordpress.calls.map { $0.headers["traceparent"] } == ["00-\(push.traceID)-\(push.id)-01"])
        let call = try #require(collector.calls.first)
        #expect(
            call.path == "/v1/traces" && call.headers["content-type"] == "application/json" && call.headers["authorization"] == "Bearer t")
        #expect(String(decoding: call.body, as: UTF8.self).contains("\"stringValue\":\"here\""))
        let told = collector.calls.map { String(decoding: $0.body, as: UTF8.self) }.joined()
        #expect(told.contains(#"{"key":"gatepost.events","value":{"intValue":"3"}}"#))
        let printed = try await sandbox.gatepost("metrics").output
        #expect(printed.contains("\ngatepost_spans_exported_total 9\n"))
        #expect(try await decoded(collector, in: sandbox.folder) == all.map(\.name))
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func aCollectorThatIsAwayHoldsNobody() async throws {
        let wordpress = try StandIn()
        let dead = try StandIn()
        dead.close()
        let sandbox = try await Sandbox(wordpress: wordpress.url, extra: ["OTEL_EXPORTER_OTLP_ENDPOINT": dead.url])
        let ingest = try await sandbox.ingest()
        var said: [Int] = []
        for customer in 1...3 {
            #expect(try await sandbox.post(Events.stripeCustomer(customer: "cus_\(customer)"), as: "stripe").status == 202)
            let run = try await sandbox.worker()
            #expect(run.succeeded)
            said.append(run.errors.components(separatedBy: "the collector of traces did not take spans").count - 1)
            if customer == 1 {
                #expect(run.errors.contains("\"collector\":\"\(dead.url)\",\"error\":\"connect: "), "\(run.errors)")
            }
        }
        #expect(said == [1, 0, 0], "once, and then nobody asks it for a minute")
        #expect(wordpress.calls.count == 3 && dead.calls.isEmpty)
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 3)
        let printed = try await sandbox.gatepost("metrics").output
        let dropped = try #require(
            printed.split(separator: "\n").first { $0.hasPrefix("gatepost_spans_dropped_total{reason=\"collector_down\"}") })
        #expect((Int(dropped.split(separator: " ")[1]) ?? 0) >= 6, "\(dropped)")
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func aCollectorThatRefusesSomeIsTold() async throws {
        let answer = #"{"partialSuccess":{"rejectedSpans":"1","errorMessage":"no"}}"#
        let (wordpress, collector) = (try StandIn(), try StandIn { _, _ in .status(200, body: answer) })
        let sandbox = try await Sandbox(wordpress: wordpress.url, extra: ["OTEL_EXPORTER_OTLP_ENDPOINT": collector.url])
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202)
        var said = ""
        try await eventually("the collector has heard of both ends") {
            said += try await sandbox.worker().errors
            return spans(collector).count >= 5
        }
        #expect(said.contains("\"error\":\"it refused 1 of ") && said.contains("\"dropped\":1"), "\(said)")
        let printed = try await sandbox.gatepost("metrics").output
        #expect(printed.contains("gatepost_spans_dropped_total{reason=\"refused\"} \(collector.calls.count)\n"), "\(printed)")
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func withoutACollectorNothingIsKeptForOne() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe", headers: [("traceparent", Self.theirs)]).status == 202)
        try await ingest.stop()
        #expect(try sandbox.count("ingest_timing") == 0)
        try sandbox.change("INSERT INTO ingest_timing (timings) VALUES (zeroblob(20))")
        #expect(try await sandbox.worker().succeeded)
        #expect(try sandbox.count("ingest_timing") == 0, "left from when it was on")
        let told = try #require(wordpress.calls.first?.headers["traceparent"])
        #expect(told.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-") && !told.contains("b7ad6b7169203331") && told.hasSuffix("-01"))
        try await sandbox.remove()
    }
}
