import Common

extension EventView {
    /// Nothing where every try went well.
    func printAttempts() {
        guard !attempts.isEmpty else { return }
        Output.line("\ntries that failed, and what came of them")
        var table = Table(["  AT", "VERDICT", "HTTP", "TOOK", "CAUSE", "ERROR"])
        for attempt in attempts {
            table.add([
                "  \(attempt.at)", attempt.verdict, attempt.httpStatus.map(String.init), attempt.tookMilliseconds.map { "\($0) ms" },
                attempt.cause, attempt.error,
            ])
        }
        Output.table(table)
        if let answer = attempts.last?.answer { Output.line("  the last answer began: \(answer.printable)") }
    }
}

extension Attempt {
    var json: JSONTree {
        [
            "at": JSONTree(at), "verdict": .string(verdict), "http_status": JSONTree(httpStatus), "cause": JSONTree(cause),
            "error": JSONTree(error), "took_ms": JSONTree(tookMilliseconds), "request_id": JSONTree(requestID), "answer": JSONTree(answer),
        ]
    }
}

extension EventQueries {
    func view(_ event: StoredEvent) throws -> EventView {
        EventView(
            event: event, providers: .inSettings, attempts: try event.job?.pushKey.map { try attempts(ofPush: $0) } ?? [],
            standing: try standing(of: event.sequence), mirrored: try mirrored.kept(event.sequence))
    }
}

extension EventView {
    func printMirrored() {
        guard let mirrored else { return }
        Output.line("\nkept from WordPress by the cutover: \(mirrored.mode.rawValue), \(mirrored.at)")
        guard let payload = mirrored.payload, let document = try? JSONDocument(payload) else { return }
        Output.line("it would have been sent under \(mirrored.pushKey):")
        Output.line(JSONTree(document.root).text)
    }
}

extension MirroredEvents.Kept {
    var json: JSONTree {
        [
            "mode": .string(mode.rawValue), "at": JSONTree(at), "push_key": .string(pushKey),
            "payload": payload.flatMap { try? JSONDocument($0) }.map { JSONTree($0.root) } ?? .null,
        ]
    }
}
