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
    let typePieces: [String]
    let facts: [Pair]
    let steps: [Step]
    /// What keeps it from WordPress.
    let held: [Held]
    let cause: String?
    /// WordPress's own words, or curl's.
    let error: String?
    let fix: Prose?
    let answer: String?
    let headers: [Pair]
    let canonical: [Pair]
    let data: String?
    let payload: String
    /// As it came; nil where it is shown so already.
    let exact: String?
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
        typePieces = BreakableName.pieces(summary.type)
        facts = Self.facts(event)
        let proof = try Self.proof(event, readout, store, visit)
        steps = Self.steps(event, proof, attempts, standing, visit)
        held = event.job?.finishedAt == nil && event.job != nil ? try Held.all(store, visit, holding: summary) : []
        let isDone = event.job?.status == "done"
        cause = isDone ? nil : event.job?.cause
        error = isDone ? nil : event.job?.error
        fix = cause.map { Prose(CauseFix.text($0), goesOn: true) }
        answer = attempts.last { $0.answer != nil }?.answer
        headers = readout.headers.map { Pair(name: $0.name, value: $0.value) }
        let form = readout.canonical
        canonical = form.map(Self.canonical) ?? []
        data = form.flatMap { try? JSONDocument($0.data) }?.root.pretty
        let whole = readout.payload?.pretty ?? String(decoding: event.rawBody, as: UTF8.self)
        payload = String(decoding: whole.utf8.prefix(Self.mostPayload), as: UTF8.self)
        let sent = String(decoding: event.rawBody.prefix(Self.mostPayload), as: UTF8.self)
        exact = sent == payload ? nil : sent
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
        let trace = EventTrace.id(eventID: summary.id, requestID: event.requestID, traceparent: event.traceparent)
        let named: [(String, String?)] = [
            ("Tenant", summary.tenant), ("Source", summary.source), ("Type", summary.type), ("Status", summary.status),
            ("Error", summary.error), ("Goes to", summary.route), ("In order with", summary.lane), ("Our id", summary.id),
            ("Key", summary.idempotencyKey), ("Request id", event.requestID), ("Trace", trace),
            ("Push key", event.job?.pushKey), ("Sent from", event.sourceIP), ("User agent", event.userAgent),
            ("Taken in by", event.createdBy),
        ]
        return named.compactMap { name, value in value.flatMap { $0.isEmpty ? nil : Pair(name: name, value: $0) } }
    }

    /// What it is believed by: of a secret its fingerprint, and where the settings have it.
    private static func proof(_ event: StoredEvent, _ readout: EventReadout, _ store: Store, _ visit: Visit) throws -> String? {
        if event.createdBy == "backfill" {
            return ["api": "a backfill asked its API", "file": "a backfill read it from a file"][readout.verifiedBy] ?? "by a backfill"
        }
        guard let fingerprint = event.secret else { return nil }
        let settings = visit.settings.adding(try LearnedSecrets(store: store).load(now: visit.now))
        let secrets = SourceName(event.summary.source).flatMap { settings.sources[$0] }?.secrets ?? []
        let known = secrets.first { $0.tenant.description == event.summary.tenant }?.secrets.first { $0.fingerprint == fingerprint }
        return "by the secret \(fingerprint), " + (known.map(\.place) ?? "which the settings do not have any more")
    }

    private static func steps(
        _ event: StoredEvent, _ proof: String?, _ attempts: [Attempt], _ standing: LaneStanding?, _ visit: Visit
    ) -> [Step] {
        func step(_ at: Timestamp, _ what: String, _ more: String? = nil) -> Step {
            Step(at: Moment(at, now: visit.now), what: what, more: more)
        }
        let summary = event.summary
        var steps: [Step] = []
        if let occurred = summary.occurredAt { steps.append(step(occurred, "Happened at the provider")) }
        steps.append(step(summary.receivedAt, "Received", event.sourceIP.map { "from \($0)" }))
        steps.append(step(summary.receivedAt, event.createdBy == "backfill" ? "Taken from the provider" : "Signature verified", proof))
        let kept = event.job == nil ? "Stored and kept; it is pushed nowhere" : "Stored and queued for WordPress"
        steps.append(step(summary.receivedAt, kept))
        for attempt in attempts {
            let detail = [
                attempt.httpStatus.map { "HTTP \($0)" }, attempt.cause, attempt.error, attempt.tookMilliseconds.map { "\($0) ms" },
                attempt.requestID.map { "request \($0)" },
            ].compactMap { $0 }
            steps.append(step(attempt.at, attempt.words, detail.joined(separator: ", ")))
        }
        guard let job = event.job else { return steps }
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
