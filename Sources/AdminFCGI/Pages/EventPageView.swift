import Common

/// Everything of one event, and what can be done with it.
struct EventPageView {
    struct Step {
        let at: Moment
        let what: String
        let more: String?
    }

    struct Pair {
        let name: String
        let value: String
    }

    static let mostPayload = 200_000

    let id, type, status: String
    let facts: [Pair]
    let steps: [Step]
    let cause: String?
    let fix: String?
    let answer: String?
    let headers: [Pair]
    let canonical: [Pair]
    let data: String?
    let payload: String
    let payloadSize: String
    let isCut: Bool
    let unreadable: String?
    let curl: String?
    let payloadLink: String
    let replay: String?
    let retry: String?
    let discard: String?
    let userLink: String?
    let others: String?

    init?(_ id: EventID, _ store: Store, _ visit: Visit) throws {
        let queries = EventQueries(store: store)
        guard let event = try queries.find(id.description).first, event.signatureValid else { return nil }
        let readout = EventReadout(event, providers: visit.settings.providers)
        let attempts = try event.job?.pushKey.map { try queries.attempts(ofPush: $0) } ?? []
        let standing = try queries.standing(of: event.sequence)
        let summary = event.summary
        (self.id, type, status) = (summary.id, summary.type, summary.status)
        facts = Self.facts(event)
        steps = Self.steps(event, attempts, standing, visit)
        cause = event.job?.cause
        fix = event.job?.cause.map(CauseFix.text)
        answer = attempts.last { $0.answer != nil }?.answer
        headers = readout.headers.map { Pair(name: $0.name, value: $0.value) }
        let form = readout.canonical
        canonical = form.map(Self.canonical) ?? []
        data = form.flatMap { try? JSONDocument($0.data) }?.root.pretty
        let whole = readout.payload?.pretty ?? String(decoding: event.rawBody, as: UTF8.self)
        payload = String(decoding: whole.utf8.prefix(Self.mostPayload), as: UTF8.self)
        isCut = whole.utf8.count > Self.mostPayload
        payloadSize = ByteCount.text(event.rawBody.count)
        unreadable = event.unreadable?.description
        curl = event.unreadable == nil ? Self.curl(event, visit.settings) : nil
        payloadLink = "/admin/events/\(summary.id)/payload"
        let link = PageFields([("id", summary.id)])
        replay = ["processed", "discarded"].contains(summary.status) && event.job != nil ? link.link("/admin/confirm/replay") : nil
        retry = summary.status == "failed" ? link.link("/admin/confirm/retry") : nil
        discard = summary.status == "failed" ? link.link("/admin/confirm/discard") : nil
        let user = form?.actor.email ?? form?.actor.id
        userLink = user.map { _ in PageFields([("event", summary.id)]).link("/admin/people") }
        others = user
    }

    private static func facts(_ event: StoredEvent) -> [Pair] {
        let summary = event.summary
        let named: [(String, String?)] = [
            ("Tenant", summary.tenant), ("Source", summary.source), ("Type", summary.type), ("Status", summary.status),
            ("Error", summary.error), ("Goes to", summary.route), ("In order with", summary.lane), ("Our id", summary.id),
            ("Key", summary.idempotencyKey), ("Request id", event.requestID), ("Trace", trace(event.traceparent)),
            ("Push key", event.job?.pushKey), ("Sent from", event.sourceIP), ("User agent", event.userAgent),
            ("Taken in by", event.createdBy),
        ]
        return named.compactMap { name, value in value.flatMap { $0.isEmpty ? nil : Pair(name: name, value: $0) } }
    }

    /// The trace id within `00-{32 hex}-{16 hex}-{2 hex}`.
    private static func trace(_ traceparent: String?) -> String? {
        traceparent.map { text in
            let parts = text.split(separator: "-")
            return parts.count >= 4 && parts[1].utf8.count == 32 ? String(parts[1]) : text
        }
    }

    private static func steps(_ event: StoredEvent, _ attempts: [Attempt], _ standing: LaneStanding?, _ visit: Visit) -> [Step] {
        func step(_ at: Timestamp, _ what: String, _ more: String? = nil) -> Step {
            Step(at: Moment(at, now: visit.now), what: what, more: more)
        }
        let summary = event.summary
        var steps: [Step] = []
        if let occurred = summary.occurredAt { steps.append(step(occurred, "Happened at the provider")) }
        steps.append(step(summary.receivedAt, "Received, signature verified, stored", event.sourceIP.map { "from \($0)" }))
        for attempt in attempts {
            let detail = [
                attempt.httpStatus.map { "HTTP \($0)" }, attempt.cause, attempt.error, attempt.tookMilliseconds.map { "\($0) ms" },
                attempt.requestID.map { "request \($0)" },
            ].compactMap { $0 }
            steps.append(step(attempt.at, attempt.words, detail.joined(separator: ", ")))
        }
        guard let job = event.job else { return steps + [step(summary.receivedAt, "Kept; it is pushed nowhere")] }
        if let finished = job.finishedAt, attempts.last?.at != finished {
            steps.append(step(finished, job.words, job.httpStatus.map { "HTTP \($0)" }))
        } else if job.finishedAt == nil {
            steps.append(waiting(job, standing, visit))
        }
        return steps
    }

    private static func waiting(_ job: StoredEvent.Job, _ standing: LaneStanding?, _ visit: Visit) -> Step {
        let due = Moment(job.dueAt, now: visit.now)
        switch standing {
        case .behind(let id): return Step(at: due, what: "Waits for an earlier event of the same person or order", more: id)
        case .first(let until?):
            return Step(at: Moment(until, now: visit.now), what: "Its push is under way, until then at most", more: nil)
        default:
            return Step(
                at: due, what: "Waits for the worker's next run, then", more: job.attempts == 0 ? nil : "\(job.attempts) tries before")
        }
    }

    private static func canonical(_ form: CanonicalEvent) -> [Pair] {
        func words(_ parts: [String?]) -> String? {
            let given = parts.compactMap { $0 }
            return given.isEmpty ? nil : given.joined(separator: "  ")
        }
        let named = [
            ("Actor", words([form.actor.id, form.actor.email, form.actor.name])), ("Subject", words([form.subject.type, form.subject.id])),
            ("Action", words([form.action.type, form.action.reason])), ("Occurred", form.occurredAt.description),
        ]
        return named.compactMap { name, value in value.map { Pair(name: name, value: $0) } }
    }

    /// The post as the provider made it, without what proves it: the signature has to be made anew (`gatepost send`).
    private static func curl(_ event: StoredEvent, _ settings: Settings) -> String {
        func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
        let base = settings.publicURL ?? "https://hooks.example.com"
        let headers = HeaderFields(json: String(decoding: event.headers, as: UTF8.self))
        let type = headers.values(of: "content-type").first.map { String(decoding: $0, as: UTF8.self) } ?? "application/json"
        return "curl -X POST -H \(quoted("Content-Type: \(type)")) --data-binary @\(event.summary.id).txt "
            + quoted("\(base)/api/webhooks/\(event.summary.source)/\(event.summary.tenant)/ingest")
    }
}
