import Common
import Testing

@testable import AdminFCGI

@Suite struct PageRouteTests {
    private static let id = EventID(sequence: 1 << 40, entropy: 7)

    private func route(_ method: String, _ path: String) throws(PageRoute.Refusal) -> PageRoute {
        var request = PageRequest()
        (request.method, request.path) = (method, path)
        return try PageRoute(request)
    }

    @Test(arguments: [
        ("/admin/", PageRoute.overview), ("/admin/events", .events), ("/admin/events/\(id)", .event(id)),
        ("/admin/events/\(id)/payload", .payload(id)), ("/admin/dead-letters", .deadLetters), ("/admin/rejected", .rejected),
        ("/admin/rejected/\(id)", .rejection(id)), ("/admin/alerts", .alerts), ("/admin/secrets", .secrets), ("/admin/audit", .audit),
        ("/admin/people", .people), ("/admin/settings", .settings), ("/admin/confirm/reverify-all", .confirm(.reverifyAll)),
        ("/admin/confirm/retry", .confirm(.retry)), ("/admin/assets/style-1.css", .asset("/admin/assets/style-1.css")),
    ])
    func leads(_ path: String, to expected: PageRoute) throws {
        #expect(try route("GET", path) == expected)
        #expect(try route("HEAD", path) == expected)
        #expect(throws: PageRoute.Refusal.method(allowed: "GET, HEAD")) { try route("POST", path) }
    }

    @Test(arguments: PageRoute.Action.allCases)
    func actsByPostAlone(_ action: PageRoute.Action) throws {
        #expect(try route("POST", "/admin/do/\(action.rawValue)") == .act(action))
        #expect(throws: PageRoute.Refusal.method(allowed: "POST")) { try route("GET", "/admin/do/\(action.rawValue)") }
    }

    @Test(arguments: [
        "", "/", "/admin", "/admin/nothing", "/admin//", "/admin/events/", "/admin/events/1", "/admin/events/\(id)/other",
        "/admin/do/erase",
        "/admin/confirm", "/admin/assets", "/admin/assets/a/b", "/other/", "/admin/\(String(repeating: "x", count: 2000))",
    ])
    func knowsNothingAt(_ path: String) {
        #expect(throws: PageRoute.Refusal.unknown) { try route("GET", path) }
    }

    @Test(arguments: [(PageRequest.mostBodyBytes, false), (PageRequest.mostBodyBytes + 1, true)])
    func bounds(bodyOf count: Int, isTooMuch: Bool) throws {
        var request = PageRequest()
        (request.method, request.path, request.contentLength) = ("POST", "/admin/do/retry", count)
        if isTooMuch {
            #expect(throws: PageRoute.Refusal.tooLarge) { try PageRoute(request) }
        } else {
            #expect(try PageRoute(request) == .act(.retry))
        }
    }

    /// Every link in the navigation leads somewhere.
    @Test(arguments: Section.allCases)
    func knows(_ section: Section) throws { _ = try route("GET", section.path) }
}
