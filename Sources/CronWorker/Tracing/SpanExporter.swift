import Common
import Delivery
import Transport

/// Tells a collector of spans, beside the work and never before it: a bounded queue, one export under way. What finds no room or no collector
/// is dropped and counted.
final class SpanExporter {
    /// So long a collector that did not answer is not asked again, in this run or the next ones.
    static let rest: Duration = .seconds(60)

    private let tracing: Settings.Tracing
    private let clock: WallClock
    private let transfers: Transfers<Int>
    private var waiting: [Span] = []
    private(set) var counts = Counters()
    /// When the collector has failed last.
    private(set) var failedAt: Timestamp?
    /// Why it did not take spans last, in this run.
    private(set) var failure: String?
    /// Spans, in this run.
    private(set) var dropped: Int64 = 0

    init(_ tracing: Settings.Tracing, clock: WallClock, failedAt: Timestamp?) throws(TransportError) {
        self.tracing = tracing
        self.clock = clock
        self.failedAt = failedAt
        transfers = try Transfers(options: TransferOptions(exportingTo: tracing), mostPerHost: 1)
    }

    var sampler: Sampler { tracing.sampler }
    var origin: String { tracing.origin }
    var room: Int { tracing.queue - waiting.count }

    var isResting: Bool {
        guard let failedAt else { return false }
        let now = clock.now()
        return failedAt <= now && now < failedAt + Self.rest
    }

    func add(_ spans: [Span]) {
        guard !isResting else { return drop(spans.count, .collectorDown) }
        let fitting = max(0, min(room, spans.count))
        waiting += spans.prefix(fitting)
        drop(spans.count - fitting, .queueFull)
    }

    /// Sends a batch if one is full, takes what has been answered. Waits for nothing.
    /// - Parameter all: also what fills no batch.
    func pump(all: Bool = false) {
        if transfers.count > 0 { for (spans, result) in transfers.wait(milliseconds: 0) { settle(spans, result) } }
        guard transfers.count == 0, !waiting.isEmpty, all || waiting.count >= tracing.batch else { return }
        guard !isResting else {
            drop(waiting.count, .collectorDown)
            return waiting.removeAll()
        }
        let batch = waiting.prefix(tracing.batch)
        waiting.removeFirst(batch.count)
        let request = HTTPRequest(exporting: batch, to: tracing)
        do throws(TransportError) {
            try transfers.start(request, tag: batch.count)
            for (spans, result) in transfers.wait(milliseconds: 0) { settle(spans, result) }
        } catch {
            settle(batch.count, .failure(error))
        }
    }

    /// The work is done: what is left goes, for at most one time-out.
    func finish() {
        let end = ContinuousClock.now + tracing.timeout
        repeat {
            pump(all: true)
            guard transfers.count > 0 else { continue }
            for (spans, result) in transfers.wait(milliseconds: 50) { settle(spans, result) }
        } while .now < end && (transfers.count > 0 || !waiting.isEmpty)
        guard !waiting.isEmpty else { return }
        failure = failure ?? "it did not take \(waiting.count) spans within \(tracing.timeout)"
        drop(waiting.count, .collectorDown)
        waiting.removeAll()
    }

    private func settle(_ spans: Int, _ result: Result<HTTPResponse, TransportError>) {
        switch result {
        case .success(let response):
            let answer = CollectorAnswer(response, to: spans)
            if spans > answer.refused { counts.add(.spansExported, by: Int64(spans - answer.refused)) }
            drop(answer.refused, .refused)
            if answer.refused > 0 { failure = answer.words }
            if response.status == 429 || response.status >= 500 { failedAt = clock.now() } else if answer.refused < spans { failedAt = nil }
        case .failure(let error):
            failure = error.description
            drop(spans, .collectorDown)
            failedAt = clock.now()
        }
    }

    private func drop(_ spans: Int, _ reason: SpanDrop) {
        guard spans > 0 else { return }
        counts.add(.spansDropped, reason.rawValue, by: Int64(spans))
        dropped += Int64(spans)
    }
}
