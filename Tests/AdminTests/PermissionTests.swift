import Common
import Testing

@testable import AdminFCGI

@Suite struct PermissionTests {
    private static let now = Timestamp(milliseconds: 1_795_000_000_000)
    private let token: FormToken

    init() throws { token = try FormToken(key: Bytes(repeating: 7, count: 32)) }

    /// As our own form sends it.
    private func request(_ text: String? = nil) -> PageRequest {
        var request = PageRequest()
        (request.method, request.user, request.origin) = ("POST", "alice", "https://hooks.example.com")
        (request.claimedOrigin, request.fetchSite) = ("https://hooks.example.com", "same-origin")
        request.mediaType = "application/x-www-form-urlencoded"
        request.body = Bytes("token=\(text ?? token.issue(to: "alice", now: Self.now))".utf8)
        return request
    }

    private func refusal(_ request: PageRequest, now: Timestamp = now) -> Permission.Refusal? {
        do throws(Permission.Refusal) {
            _ = try Permission.check(request, token, now: now)
            return nil
        } catch { return error }
    }

    @Test func letsOurOwnFormThrough() { #expect(refusal(request()) == nil) }

    @Test func wantsAName() {
        var request = request()
        request.user = nil
        #expect(refusal(request) == .noName)
    }

    @Test(arguments: ["https://evil.example", "null", "http://hooks.example.com", "https://hooks.example.com:8443", ""])
    func refusesAnotherOrigin(_ origin: String) {
        var request = request()
        request.claimedOrigin = origin
        #expect(refusal(request) == .foreignOrigin)
    }

    @Test(arguments: ["cross-site", "same-site", "none"])
    func refusesAnotherSite(_ site: String) {
        var request = request()
        request.fetchSite = site
        #expect(refusal(request) == .foreignOrigin)
    }

    @Test(arguments: ["", "1", ".", "1795000000000.", "x.y", "99999999999999999999.00"])
    func refusesWhatIsNoToken(_ text: String) { #expect(refusal(request(text)) == .badToken) }

    @Test func aTokenIsOneUsersForSomeHours() {
        let own = token.issue(to: "alice", now: Self.now)
        #expect(token.isGood(own, of: "alice", now: Self.now))
        #expect(!token.isGood(own, of: "bob", now: Self.now))
        #expect(!token.isGood(own, of: "alic", now: Self.now))
        let end = Self.now + FormToken.lifetime
        #expect(token.isGood(own, of: "alice", now: end))
        #expect(!token.isGood(own, of: "alice", now: end + .seconds(1)))
        // A clock that went back must not make it last longer than it was given for.
        #expect(!token.isGood(own, of: "alice", now: Self.now + .seconds(-60)))
    }

    @Test func aTokenEndsWithTheProgramThatMadeIt() throws {
        #expect(!(try FormToken()).isGood(token.issue(to: "alice", now: Self.now), of: "alice", now: Self.now))
    }
}
