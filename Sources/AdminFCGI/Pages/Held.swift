import Common

/// What keeps events from WordPress: a circuit that is not closed, or a pause.
struct Held {
    let what: String
    let why: Prose
    let since: Moment?
    let next: Moment?

    /// - Parameter event: nil: everybody's.
    static func all(_ store: Store, _ visit: Visit, holding event: EventSummary? = nil) throws -> [Held] {
        let circuits = try CircuitBoard(store: store).all().filter { endpoint, circuit in
            circuit.state != .closed && (event.map { $0.tenant == endpoint.tenant } ?? true)
        }
        let pauses = try Pauses(store: store).all().filter { pause in
            guard let event else { return true }
            return [(pause.tenant, event.tenant), (pause.source, event.source), (pause.route?.rawValue, event.route)]
                .allSatisfy { $0.0 == nil || $0.0 == $0.1 }
        }
        return circuits.map { endpoint, circuit in Held(endpoint, circuit, visit) } + pauses.map { Held($0, visit) }
    }

    private init(_ endpoint: CircuitBoard.Endpoint, _ circuit: Circuit, _ visit: Visit) {
        what = "Circuit \(circuit.state.rawValue): \(endpoint.baseURL) of \(endpoint.tenant)"
        why = Prose("\(circuit.cause): \(circuit.error). To mend it: \(CauseFix.text(circuit.cause))")
        since = visit.moment(circuit.openedAt)
        next = visit.moment(circuit.retryAt)
    }

    private init(_ pause: Pauses.Pause, _ visit: Visit) {
        let parts = [
            pause.tenant.map { "tenant \($0)" }, pause.source.map { "source \($0)" }, pause.route.map { "route \($0.rawValue)" },
        ]
        let words = parts.compactMap { $0 }.joined(separator: ", ")
        what = "Paused: \(words.isEmpty ? "everything" : words)"
        why = Prose("by an operator; `gatepost resume` lets it go on")
        since = visit.moment(pause.since)
        next = nil
    }
}
