import Common

/// Which page a request asks for, or what it wants done. Reads nothing but its arguments.
enum PageRoute: Equatable {
    case overview, events, people, deadLetters, rejected, alerts, secrets, settings, audit
    case event(EventID)
    /// The payload exactly as it was sent.
    case payload(EventID)
    case rejection(EventID)
    case asset(String)
    /// What would be done, how often, and the button that does it.
    case confirm(Action)
    case act(Action)

    enum Action: String, Equatable, CaseIterable {
        case retry, discard, replay, reverify
        case reverifyAll = "reverify-all"
    }

    enum Refusal: Error, Equatable {
        case unknown
        case method(allowed: String)
        case tooLarge
    }

    init(_ request: PageRequest) throws(Refusal) {
        guard request.path.hasPrefix("/admin/"), request.path.utf8.count <= 2000 else { throw .unknown }
        if let length = request.contentLength, length > PageRequest.mostBodyBytes { throw .tooLarge }
        let parts = request.path.dropFirst("/admin/".count).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let route = Self.find(parts, request) else { throw .unknown }
        self = route
        if case .act = route {
            guard request.method == "POST" else { throw .method(allowed: "POST") }
        } else {
            guard request.method == "GET" || request.method == "HEAD" else { throw .method(allowed: "GET, HEAD") }
        }
    }

    private static func find(_ parts: [String], _ request: PageRequest) -> PageRoute? {
        switch (parts.first, parts.dropFirst().first, parts.count) {
        case ("", _, 1): .overview
        case ("events", _, 1): .events
        case ("people", _, 1): .people
        case ("settings", _, 1): .settings
        case ("dead-letters", _, 1): .deadLetters
        case ("rejected", _, 1): .rejected
        case ("alerts", _, 1): .alerts
        case ("secrets", _, 1): .secrets
        case ("audit", _, 1): .audit
        case ("events", let id?, 2): EventID(id).map { .event($0) }
        case ("events", let id?, 3) where parts[2] == "payload": EventID(id).map { .payload($0) }
        case ("rejected", let id?, 2): EventID(id).map { .rejection($0) }
        case ("confirm", let action?, 2): Action(rawValue: action).map { .confirm($0) }
        case ("do", let action?, 2): Action(rawValue: action).map { .act($0) }
        case ("assets", _, 2): .asset(request.path)
        default: nil
        }
    }
}
