import Testing

@testable import AdminFCGI

@Suite struct PageRouteTests {
    @Test(arguments: [("/admin/", PageRoute.overview), ("/admin/assets/style-1.css", .asset("/admin/assets/style-1.css"))])
    func leads(_ path: String, to expected: PageRoute) throws {
        var request = PageRequest()
        request.path = path
        #expect(try PageRoute(request) == expected)
    }

    @Test(arguments: [
        "", "/", "/admin", "/admin/nothing", "/admin//", "/admin/assets", "/admin/assets/a/b", "/other/",
        "/admin/\(String(repeating: "x", count: 2000))",
    ])
    func knowsNothingAt(_ path: String) {
        var request = PageRequest()
        request.path = path
        #expect(throws: PageRoute.Refusal.unknown) { try PageRoute(request) }
    }

    @Test func refusesMethodsAndBodies() {
        var request = PageRequest()
        request.path = "/admin/"
        request.method = "POST"
        #expect(throws: PageRoute.Refusal.method(allowed: "GET, HEAD")) { try PageRoute(request) }
        request.contentLength = PageRequest.mostBodyBytes + 1
        #expect(throws: PageRoute.Refusal.tooLarge) { try PageRoute(request) }
    }
}
