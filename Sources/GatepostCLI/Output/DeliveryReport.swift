import Common

/// What keeps events from being pushed: circuits that are open, and pauses.
struct DeliveryReport {
    let circuits: [(endpoint: CircuitBoard.Endpoint, circuit: Circuit)]
    let pauses: [Pauses.Pause]

    init(_ store: Store) throws {
        circuits = try CircuitBoard(store: store).all()
        pauses = try Pauses(store: store).all()
    }

    var json: [JSONTree.Member] {
        let list = circuits.map { endpoint, circuit -> JSONTree in
            [
                "tenant": .string(endpoint.tenant), "wordpress": .string(endpoint.baseURL), "state": .string(circuit.state.rawValue),
                "failed_pushes": JSONTree(circuit.pushes), "failed_requests": JSONTree(circuit.requests),
                "opened_at": JSONTree(circuit.openedAt), "retry_at": JSONTree(circuit.retryAt), "cause": .string(circuit.cause),
                "error": .string(circuit.error),
            ]
        }
        return [.init(name: "circuits", value: .array(list)), .init(name: "paused", value: .array(pauses.map(\.json)))]
    }

    /// Nothing where nothing is kept back.
    func print() {
        let open = circuits.filter { $0.circuit.state != .closed }
        if !open.isEmpty {
            Output.line()
            var table = Table(["CIRCUIT", "TENANT", "WORDPRESS", "SINCE", "NEXT TRY", "CAUSE", "ERROR"])
            for (endpoint, circuit) in open {
                table.add([
                    circuit.state.rawValue, endpoint.tenant, endpoint.baseURL, circuit.openedAt?.description, circuit.retryAt?.description,
                    circuit.cause, circuit.error,
                ])
            }
            Output.table(table)
        }
        if !pauses.isEmpty {
            Output.line()
            pauses.print()
        }
    }
}

extension JSONTree {
    /// An object with further members at its end.
    func adding(_ more: [Member]) -> JSONTree {
        guard case .object(let members) = self else { return self }
        return .object(members + more)
    }
}
