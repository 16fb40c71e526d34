import Common
import Foundation

/// One request by plain CGI (RFC 3875): meta-variables in the environment, body on standard input, answer on standard output.
enum PlainCGI {
    static func serve(_ desk: Desk) {
        let since = SteadyClock.now
        let now = WallClock.system.now()
        let head = RequestHead(parameters: ParameterList(environ)) {
            String(decoding: Hex.encode(Crypto.random(16)), as: UTF8.self)
        }
        var counts = Counters()
        let (reply, lines) = answer(head, desk, now: now, since: since, &counts)
        FileHandle.standardOutput.write(Data(reply.bytes(requestID: head.requestID)))
        LogSink.write(lines)
        desk.writer.pending.add(counts)
        desk.writer.flushCounters(isLast: true)
    }

    private static func answer(
        _ head: RequestHead, _ desk: Desk, now: Timestamp, since: Int64, _ counts: inout Counters
    ) -> (Reply, [LogLine]) {
        func reply(to refusal: Refusal) -> Reply { .refused(refusal, isBare: desk.gateway.refusesBare(head)) }
        func refused(_ refusal: Refusal) -> (Reply, [LogLine]) {
            counts.refuse(refusal, head, by: desk.gateway)
            return (reply(to: refusal), [.refused(refusal, head, at: now)])
        }
        switch desk.admit(head) {
        case .reply(.success(let reply)): return (reply, [])
        case .reply(.failure(let refusal)): return refused(refusal)
        case .read(let source, let tenant):
            let judged = desk.judge(head, source, tenant, body: body(head.contentLength ?? 0), now: now)
            let began = SteadyClock.now
            switch judged.result {
            case .failure(let refusal):
                counts.refuse(refusal, head, by: desk.gateway)
                let kept = desk.commit([], rejections: judged.rejection.map { [$0] } ?? [], now: now).rejections
                return (reply(to: refusal), [.refused(refusal, head, id: kept.first ?? nil, at: now)])
            case .success(.reply(let reply)): return (reply, [])
            case .success(.store(let events, let acknowledgement)):
                switch desk.commit([events], now: now)[0] {
                case .failure(let refusal): return refused(refusal)
                case .success(let outcomes):
                    let stored = SteadyClock.now
                    let took: Duration = .nanoseconds(stored - since)
                    counts.observe(.ingestDuration, took)
                    counts.answer(outcomes, to: events)
                    desk.writer.timings?.add(
                        outcomes, of: events,
                        IngestTiming(
                            verifyNanoseconds: began - since, commitNanoseconds: stored - began, totalNanoseconds: stored - since))
                    var log = EventLog()
                    log.begin(at: now)
                    for (outcome, event) in zip(outcomes, events) { log.add(outcome, of: event, took: took.milliseconds) }
                    LogSink.write(text: log.text)
                    return (.stored(outcomes, as: acknowledgement), [])
                }
            }
        }
    }

    private static func body(_ count: Int) -> Bytes {
        var body = Bytes()
        while body.count < count, let chunk = try? FileHandle.standardInput.read(upToCount: count - body.count), !chunk.isEmpty {
            body += chunk
        }
        return body
    }
}
