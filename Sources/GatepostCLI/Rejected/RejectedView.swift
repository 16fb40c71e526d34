import Common

/// One rejected request as people and programs see it: no credential, of a signature its beginning alone.
struct RejectedView {
    let stored: StoredRejection
    let explanation: Explanation?
    var providers = Providers.catalogue

    private var readout: RejectionReadout { RejectionReadout(stored, providers: providers) }

    var headers: [(name: String, value: String)] { readout.headers }

    private var payload: String {
        (try? JSONDocument(stored.body)).map { masked(JSONTree($0.root).text) }
            ?? masked(String(decoding: stored.body, as: UTF8.self).printable)
    }

    private func masked(_ text: String) -> String { readout.masked(text) }

    var json: JSONTree {
        guard case .object(let members) = stored.rejection.json else { return .null }
        return .object(
            members + [
                .init(name: "today", value: explanation.map { ExplanationView(explanation: $0).json } ?? .null),
                .init(name: "method", value: .string(stored.method)),
                .init(name: "url", value: .string(readout.url)),
                .init(name: "headers", value: .object(headers.map { .init(name: $0.name, value: .string($0.value)) })),
                .init(name: "payload", value: .string(masked(String(decoding: stored.body, as: UTF8.self)))),
            ])
    }

    func print(now: Timestamp) {
        section(nil, rows(now: now))
        Output.line("\njudged by today's settings, as of its arrival")
        let words = explanation.map { ExplanationView(explanation: $0).lines } ?? ["the settings cannot be read; see gatepost check"]
        for line in words { Output.line(line.isEmpty ? "" : "  \(line)") }
        section("headers", headers.map { ($0.name, $0.value) })
        Output.line("\npayload (\(ByteCount.text(stored.body.count)))")
        Output.line(payload)
    }

    private func section(_ title: String?, _ rows: [(String, String?)]) {
        if let title { Output.line("\n\(title)") }
        var table = Table([])
        for (name, value) in rows { table.add([title == nil ? name : "  \(name)", value]) }
        Output.table(table)
    }

    private func rows(now: Timestamp) -> [(String, String?)] {
        let rejection = stored.rejection
        return [
            ("id", rejection.id), ("source", rejection.source), ("tenant", rejection.tenant?.description),
            ("received", Age.dated(rejection.receivedAt, now: now)), ("reason", rejection.reason), ("in words", rejection.explanation),
            ("from", rejection.address), ("request", "\(stored.method) \(readout.url)"),
            ("request id", rejection.requestID), ("missed before", rejection.missed == 0 ? nil : String(rejection.missed)),
            ("outcome", rejection.outcome?.rawValue), ("settled", rejection.settledAt.map { Age.dated($0, now: now) }),
            ("became", rejection.eventIDs.isEmpty ? nil : rejection.eventIDs.joined(separator: " ")),
        ]
    }
}
