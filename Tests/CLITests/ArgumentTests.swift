import ArgumentParser
import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct ArgumentTests {
    @Test(arguments: [
        ("90s", TimeArgument.ago(.seconds(90))), ("15m", .ago(.seconds(900))), ("15min", .ago(.seconds(900))), ("2h", .ago(.seconds(7200))),
        ("7d", .ago(.seconds(604_800))), ("0s", .ago(.zero)),
        ("2025-11-24T16:00:00Z", .moment(noon)), ("2025-11-24T17:00:00+01:00", .moment(noon)),
    ])
    func readsTime(_ text: String, as expected: TimeArgument) { #expect(TimeArgument(argument: text) == expected) }

    @Test(arguments: ["", "m", "15", "-1h", "1.5h", "2w", "99999999d", "yesterday", "2025-11-24"])
    func refusesTime(_ text: String) { #expect(TimeArgument(argument: text) == nil) }

    @Test func aMistypedTenantIsNamed() throws {
        let shop = try #require(TenantName("shop"))
        try shop.refuseUnknown(among: [shop])
        try TenantName("old")?.refuseUnknown(among: [shop], and: ["old"])
        let failure = #expect(throws: Failure.self) { try TenantName("shpo")?.refuseUnknown(among: [shop], and: ["old"]) }
        #expect(failure?.description == "no tenant shpo in the settings or the store (did you mean shop?)" && failure?.status == 2)
    }

    @Test func resolvesAgo() {
        #expect(TimeArgument.ago(.seconds(60)).resolved(now: noon) == Timestamp(milliseconds: noon.milliseconds - 60_000))
    }

    /// By the store's words and by those of `gatepost status`.
    @Test(arguments: [("received", EventStatus.received), ("kept", .received), ("failed", .failed), ("dead", .failed), ("queued", .queued)])
    func readsStatus(_ text: String, as expected: EventStatus) { #expect(EventStatus(argument: text) == expected) }

    @Test(arguments: [
        ["bogus"], ["events", "list", "--limit", "0"], ["events", "list", "--limit", "1001"], ["events", "list", "--since", "soon"],
        ["events", "list", "--before", "evt_1"], ["events", "list", "--status", "lost"], ["events", "show"],
        ["events", "list", "--source", "stirpe"], ["dlq", "retry", "--all", "--source", "stirpe"],
        ["events", "show", "x", "--raw", "--json"], ["dlq", "retry"], ["dlq", "retry", "x", "--all"],
        ["verify"], ["verify", "f", "--batch"], ["verify", "f", "--source", "stirpe"], ["rejected", "reverify"],
        ["rejected", "reverify", "x", "--all"], ["rejected", "reverify", "x", "--source", "stripe"], ["rejected", "show"],
        ["rejected", "list", "--reason", "foo"],
        ["rejected", "reverify", "--all", "--clock-was-behind", "soon"], ["rejected", "list", "--limit", "0"],
        ["rejected", "reverify", "--all", "--clock-was-behind", "1m", "--clock-was-ahead", "1m"],
        ["rejected", "show", "x", "--raw", "--json"],
        ["dlq", "retry", "x", "--cause", "dns"], ["dlq", "list", "--tenant", "a:b"], ["send", "file", "--source", "stripe"],
    ])
    func refusesUsage(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try GatepostCommand.parseAsRoot(arguments) }
    }

    @Test(arguments: [
        ["verify", "-", "--source", "stripe", "--at", "2h"], ["verify", "--batch"], ["rejected", "list", "--reason", "timestamp_off"],
        ["rejected", "reverify", "--all", "--since", "2h", "--dry-run"], ["check", "--json"], ["status", "--db", "/tmp/x"],
        ["dlq", "retry", "--all", "--cause", "dns", "--dry-run"],
        ["dlq", "retry", "x", "y"], ["events", "list", "--type", "customer.*", "--since", "2h", "--user", "a@example.com"],
        ["send", "f.json", "--source", "stripe", "--tenant", "shop", "--fresh", "--secret-index", "2"],
    ])
    func takesUsage(_ arguments: [String]) throws { _ = try GatepostCommand.parseAsRoot(arguments) }
}
