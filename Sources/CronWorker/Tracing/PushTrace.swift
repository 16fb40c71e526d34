import Common
import Foundation
import Transport

/// One request to WordPress as a span. It stands in the trace of the first event that is to be traced; those of the others it is linked with.
struct PushTrace {
    typealias Traced = (event: ClaimedPush.Event, trace: EventTrace, claimedAt: Timestamp)

    /// The events that are to be traced.
    let traced: [Traced]
    let spanID: String
    /// All of them.
    private let events: Int
    private let leader: EventTrace?
    private let leadersHeaders: HeaderFields

    /// - Parameter sampler: nil: nothing is traced, and WordPress hears so unless the sender wanted it.
    init(_ items: [PushItem], requestID: String, sampler: Sampler?) {
        spanID = String(requestID.filter { $0 != "-" }.prefix(16))
        events = items.reduce(0) { $0 + $1.push.events.count }
        if let sampler {
            traced = items.flatMap { item in
                item.push.events.map { (event: $0, trace: EventTrace($0), claimedAt: item.push.claimedAt) }
            }.filter { sampler.samples($0.trace) }
        } else {
            traced = []
        }
        let first = traced.first?.event ?? items.first?.push.events.first
        leader = first.map { EventTrace($0) }
        leadersHeaders = first?.headers ?? HeaderFields()
    }

    /// What WordPress is told: our span as the parent.
    var header: String? {
        guard let leader else { return nil }
        let isSampled = !traced.isEmpty || leader.parent?.isSampled ?? false
        return Traceparent(traceID: leader.traceID, spanID: spanID, isSampled: isSampled).description
    }

    /// What the sender's `tracestate` said, where his trace goes on.
    var state: String? { Tracestate(leadersHeaders, behind: leader?.parent)?.description }

    /// The request's own span, and of each event the time that it waited for it.
    func spans(of result: Result<HTTPResponse, TransportError>, tenant: String, requestID: String, took: Duration, now: Timestamp) -> [Span]
    {
        guard let first = traced.first else { return [] }
        let end = now.milliseconds * 1_000_000
        var push = Span(
            traceID: first.trace.traceID, id: spanID, parentID: first.trace.spanID, name: "push", kind: .client,
            start: end - took.milliseconds * 1_000_000, end: end)
        push.links = Self.unique(traced.dropFirst().map { .init(traceID: $0.trace.traceID, spanID: $0.trace.spanID) })
        push.attributes = [
            ("gatepost.tenant", .text(tenant)), ("gatepost.request_id", .text(requestID)), ("http.request.method", .text("POST")),
            ("gatepost.events", .number(Int64(events))),
        ]
        switch result {
        case .success(let response):
            push.attributes.append(("http.response.status_code", .number(Int64(response.status))))
            if response.status >= 400 { push.error = "status \(response.status)" }
        case .failure(let error):
            push.attributes.append(("error.type", .text("\(error.kind)")))
            push.error = "no answer"
        }
        return [push] + traced.map(wait)
    }

    private func wait(_ traced: Traced) -> Span {
        let (event, trace, claimedAt) = traced
        let id = Crypto.sha256(Bytes("wait:\(trace.spanID):\(spanID)".utf8)).prefix(8)
        var span = Span(
            traceID: trace.traceID, id: String(decoding: Hex.encode(Array(id)), as: UTF8.self), parentID: trace.spanID, name: "wait",
            kind: .consumer, start: event.receivedAt.milliseconds * 1_000_000, end: claimedAt.milliseconds * 1_000_000)
        span.attributes = [("gatepost.event_id", .text(event.id)), ("gatepost.source", .text(event.source))]
        if let leader { span.links = [.init(traceID: leader.traceID, spanID: spanID)] }
        return span
    }

    private static func unique(_ links: [Span.Link]) -> [Span.Link] {
        var seen: Set<Span.Link> = []
        return links.filter { seen.insert($0).inserted }
    }
}

extension EventTrace {
    init(_ event: ClaimedPush.Event) {
        self.init(eventID: event.id, requestID: event.requestID, traceparent: event.traceparent)
    }
}
