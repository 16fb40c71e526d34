/// What the worker allows itself towards a WordPress that fails.
extension SettingsReader {
    /// Names in `worker:` that are read here.
    static let deliveryNames = [
        "circuit-threshold", "circuit-shortest", "circuit-longest", "retry-base", "retry-factor", "retry-longest",
    ]

    mutating func readDelivery(_ section: SettingsSection, into worker: inout Settings.Worker) {
        if let count = section.number("circuit-threshold", 1...100_000, in: &file) { worker.circuit.threshold = count }
        if let time = section.duration("circuit-shortest", 1...3600, in: &file) { worker.circuit.shortest = time }
        if let time = section.duration("circuit-longest", 1...86_400, in: &file) { worker.circuit.longest = time }
        if let time = section.duration("retry-base", 1...3600, in: &file) { worker.backoff.base = time }
        if let count = section.number("retry-factor", 1...10, in: &file) { worker.backoff.factor = count }
        if let time = section.duration("retry-longest", 1...86_400, in: &file) { worker.backoff.longest = time }
        if worker.circuit.longest < worker.circuit.shortest, let node = section.node("circuit-longest") ?? section.node("circuit-shortest")
        {
            file.problem(at: node, "worker.circuit-longest: must not be shorter than worker.circuit-shortest")
        }
    }
}
