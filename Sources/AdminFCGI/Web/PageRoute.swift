/// Which page a request asks for. Reads nothing but its arguments.
enum PageRoute: Equatable {
    case overview
    case asset(String)

    enum Refusal: Error, Equatable {
        case unknown
        case method(allowed: String)
        case tooLarge
    }

    init(_ request: PageRequest) throws(Refusal) {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        guard parts.first == "admin", request.path.utf8.count <= 2000 else { throw .unknown }
        if let length = request.contentLength, length > PageRequest.mostBodyBytes { throw .tooLarge }
        self = try Self.find(Array(parts.dropFirst()), request)
        guard request.method == "GET" || request.method == "HEAD" else { throw .method(allowed: "GET, HEAD") }
    }

    private static func find(_ parts: [String], _ request: PageRequest) throws(Refusal) -> PageRoute {
        switch parts.count {
        case 1 where parts[0].isEmpty: return .overview
        case 2 where parts[0] == "assets": return .asset(request.path)
        default: throw .unknown
        }
    }
}
