import Common

/// One stored event as people and programs see it.
struct EventView {
    let event: StoredEvent
    var providers = Providers.catalogue
    /// Of the push that it belongs to.
    var attempts: [Attempt] = []
    var standing: LaneStanding?
    /// Where the cutover keeps it from WordPress.
    var mirrored: MirroredEvents.Kept?

    private var readout: EventReadout { EventReadout(event, providers: providers) }

    private var payload: JSONValue? { readout.payload }

    private var canonical: CanonicalEvent? { readout.canonical }

    var headers: [(name: String, value: String)] { readout.headers }

    private var verifiedBy: String { readout.verifiedBy.printable }

    var json: JSONTree {
        guard case .object(let members) = event.summary.json else { return .null }
        let rest: JSONTree = [
            "signature_valid": .bool(event.signatureValid), "verified_by": .string(verifiedBy),
            "secret_fingerprint": JSONTree(event.secret), "settled_at": JSONTree(event.settledAt),
            "request_id": .string(event.requestID), "traceparent": JSONTree(event.traceparent),
            "source_ip": JSONTree(event.sourceIP), "user_agent": JSONTree(event.userAgent), "created_by": .string(event.createdBy),
            "job": event.job?.json ?? .null, "waits_behind": JSONTree(standing?.firstEvent), "failed_tries": .array(attempts.map(\.json)),
            "mirror": mirrored?.json ?? .null,
            "headers": .object(headers.map { .init(name: $0.name, value: .string($0.value)) }),
            "canonical": canonical?.json ?? .null,
            "payload": payload.map { JSONTree($0) } ?? .null, "unreadable": JSONTree(event.unreadable?.description),
        ]
        guard case .object(let others) = rest else { return .null }
        return .object(members + others)
    }

    func print(now: Timestamp) {
        section(nil, rows(now: now))
        section("job", event.job?.rows(standing, now: now) ?? [("none", "pushed nowhere")])
        printAttempts()
        printMirrored()
        if let fault = event.unreadable { return Output.line("\npayload: \(fault)") }
        section("headers", headers.map { ($0.name, $0.value) })
        section("canonical form", canonical?.rows ?? [("none", "the payload cannot be read")])
        if let data = canonicalData, data != payload.map({ JSONTree($0).text }) { Output.line("\ndata for WordPress\n\(data)") }
        Output.line("\npayload (\(ByteCount.text(event.rawBody.count)))")
        Output.line(payload.map { JSONTree($0).text } ?? String(decoding: event.rawBody, as: UTF8.self).printable)
    }

    private var canonicalData: String? { canonical.flatMap { try? JSONDocument($0.data) }.map { JSONTree($0.root).text } }

    private func section(_ title: String?, _ rows: [(String, String?)]) {
        if let title { Output.line("\n\(title)") }
        var table = Table([])
        for (name, value) in rows { table.add([title == nil ? name : "  \(name)", value]) }
        Output.table(table)
    }

    private func rows(now: Timestamp) -> [(String, String?)] {
        let summary = event.summary
        return [
            ("id", summary.id), ("source", summary.source), ("tenant", summary.tenant), ("type", summary.type),
            ("status", summary.status), ("error", summary.error), ("received", Age.dated(summary.receivedAt, now: now)),
            ("occurred", summary.occurredAt.map { Age.dated($0, now: now) }), ("settled", event.settledAt.map { Age.dated($0, now: now) }),
            ("key", summary.idempotencyKey), ("route", summary.route), ("lane", summary.lane), ("request id", event.requestID),
            ("traceparent", event.traceparent), ("source IP", event.sourceIP), ("user agent", event.userAgent),
            ("created by", event.createdBy), ("verified by", event.secret.map { "\(verifiedBy), secret \($0)" } ?? verifiedBy),
        ]
    }
}

extension EventSummary {
    var json: JSONTree {
        [
            "id": .string(id), "source": .string(source), "tenant": .string(tenant), "event_type": .string(type),
            "status": .string(status), "received_at": JSONTree(receivedAt), "occurred_at": JSONTree(occurredAt),
            "attempts": JSONTree(attempts), "error": JSONTree(error), "route": .string(route), "lane": JSONTree(lane),
            "idempotency_key": JSONTree(idempotencyKey),
        ]
    }
}

extension StoredEvent.Job {
    fileprivate var json: JSONTree {
        [
            "id": .string(id), "task_name": .string(task), "status": .string(status), "attempts": JSONTree(attempts),
            "due_at": JSONTree(dueAt), "started_at": JSONTree(startedAt), "finished_at": JSONTree(finishedAt),
            "http_status": JSONTree(httpStatus), "cause": JSONTree(cause), "error": JSONTree(error), "push_key": JSONTree(pushKey),
        ]
    }

    fileprivate func rows(_ standing: LaneStanding?, now: Timestamp) -> [(String, String?)] {
        [
            ("id", id), ("task", task), ("status", status), ("tries", String(attempts)),
            ("due", finishedAt == nil ? Age.dated(dueAt, now: now) : nil),
            ("waits behind", standing?.firstEvent), ("under way until", standing?.underWayUntil?.description),
            ("started", startedAt.map { Age.dated($0, now: now) }), ("finished", finishedAt.map { Age.dated($0, now: now) }),
            ("HTTP status", httpStatus.map(String.init)), ("cause", cause), ("error", error), ("push key", pushKey),
        ]
    }
}

extension LaneStanding {
    fileprivate var firstEvent: String? { if case .behind(let id) = self { id } else { nil } }

    fileprivate var underWayUntil: Timestamp? { if case .first(let until) = self { until } else { nil } }
}

extension CanonicalEvent {
    fileprivate var json: JSONTree {
        let data = (try? JSONDocument(self.data)).map { JSONTree($0.root) }
        return [
            "tenant_id": .string(tenant.description), "source": .string(source.description), "event_type": .string(eventType),
            "actor": ["id": JSONTree(actor.id), "email": JSONTree(actor.email), "name": JSONTree(actor.name)],
            "subject": ["id": JSONTree(subject.id), "type": JSONTree(subject.type)],
            "action": ["type": JSONTree(action.type), "reason": JSONTree(action.reason)],
            "occurred_at": JSONTree(occurredAt), "data": data ?? .null,
        ]
    }

    fileprivate var rows: [(String, String?)] {
        func words(_ parts: [String?]) -> String? {
            let given = parts.compactMap { $0 }
            return given.isEmpty ? nil : given.joined(separator: "  ")
        }
        return [
            ("actor", words([actor.id, actor.email, actor.name])), ("subject", words([subject.type, subject.id])),
            ("action", words([action.type, action.reason])), ("occurred", occurredAt.description),
        ]
    }
}
