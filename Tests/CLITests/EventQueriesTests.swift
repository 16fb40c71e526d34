import GRDB
import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct EventQueriesTests {
    let scratch: Scratch
    let store: Store
    var queries: EventQueries { EventQueries(store: store) }

    init() throws {
        scratch = try Scratch()
        store = try scratch.store()
    }

    @Test func everyStatementPrepares() throws {
        try store.read { db in
            for sql in EventQueries.allSQL + DeadLettersSQL.all { _ = try db.makeStatement(sql: sql) }
        }
    }

    /// Work that grows with the store must not hide in a plan.
    @Test(arguments: [
        (EventListSQL.newest, "SEARCH webhook_event USING INTEGER PRIMARY KEY"),
        (EventListSQL.newestWaiting, "SEARCH webhook_event USING INTEGER PRIMARY KEY"),
        (EventListSQL.oldestDead, "INDEX job_dead"),
        (EventCountSQL.oldestOpen, "SEARCH lane_job USING PRIMARY KEY"),
        (DeadLettersSQL.list, "INDEX job_dead"),
        (EventDetailSQL.sequenceByKey, "SEARCH webhook_event USING COVERING INDEX"),
    ])
    func plans(_ sql: String, use index: String) throws {
        let plan = try store.read { db in
            let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
            statement.setUncheckedArguments(.init())
            return try Row.fetchAll(statement).map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains(index) }, "\(plan)")
    }

    @Test func filters() throws {
        let first = try store.put("evt_1", type: "customer.created", customer: "cus_1", at: noon)
        let second = try store.put("evt_2", type: "invoice.paid", customer: "cus_12", email: "bo@example.com", at: noon + .seconds(60))
        let third = try store.put("evt_3", type: "customer.updated", tenant: "club", at: noon + .seconds(120))
        let fourth = try store.put("evt_4", type: "balance.available", customer: "cus_9", email: "x", at: noon + .seconds(180))
        func ids(_ change: (inout EventFilter) -> Void) throws -> [String] {
            var filter = EventFilter()
            change(&filter)
            return try queries.list(filter, limit: 10).events.map(\.id)
        }
        #expect(try ids { _ in } == [fourth, third, second, first])
        #expect(try ids { $0.tenant = TenantName("club") } == [third])
        #expect(try ids { $0.source = name("github") } == [])
        #expect(try ids { $0.type = "customer.*" } == [third, first])
        #expect(try ids { $0.type = "invoice.paid" } == [second])
        #expect(try ids { $0.type = "invoice.pai?" } == [])
        #expect(try ids { $0.type = "[i]nvoice.paid" } == [])
        #expect(try ids { $0.status = .received } == [fourth])
        #expect(try ids { $0.user = "cus_1" } == [third, first])
        #expect(try ids { $0.user = "bo@example.com" } == [second])
        #expect(try ids { $0.user = "stripe:cus_12" } == [second])
        #expect(try ids { $0.user = "BO@Example.com" } == [second])
        #expect(try ids { $0.user = "CUS_1" } == [], "an id is what it is")
        #expect(try ids { $0.since = noon + .seconds(120) } == [fourth, third])
        #expect(try ids { $0.until = noon + .seconds(60) } == [first])
    }

    @Test func findsATextHoweverItIsWritten() throws {
        func put(_ id: String, _ object: String) throws -> String {
            let body = #"{"id":"\#(id)","type":"invoice.paid","data":{"object":{\#(object)}}}"#
            return try store.put("stripe", body: Bytes(body.utf8), headers: HeaderFields(), tenant: "shop", at: noon)
        }
        let php = try put("evt_1", #""id":"in_1","name":"M\u00fcller","url":"https:\/\/a.b\/1""#)
        let java = try put("evt_2", #""id":"in_2","name":"M\u00FCller","number":1042"#)
        let plain = try put("evt_3", #""id":"in_3","name":"Müller","email":"anna@example.com""#)
        func ids(_ text: String) throws -> [String] {
            var filter = EventFilter()
            filter.text = text
            return try queries.list(filter, limit: 10).events.map(\.id)
        }
        #expect(try ids("Müller") == [plain, java, php])
        #expect(try ids("https://a.b/1") == [php])
        #expect(try ids("#1042") == [java] && ids("1042") == [java])
        #expect(try ids("Anna@Example.com") == [plain])
        #expect(try ids("evt_2") == [java] && ids(php) == [php] && ids("request-1") == [plain, java, php])
        #expect(try ids("müller").isEmpty, "capitals count")
    }

    /// What the overview counts is found, however much came since.
    @Test func findsTheFewThatWaitOrDiedFarBack() throws {
        let dead = try store.put("evt_dead", customer: "cus_dead")
        try store.settle(.dead("refused"))
        let waiting = try store.put("evt_waiting", customer: "cus_waiting", tenant: "club")
        let done = try (0..<9).map { try store.put("evt_\($0)", customer: "cus_\($0)", at: noon + .seconds(1)) }
        try store.settle(.done(httpStatus: 200), at: noon + .seconds(2))
        let late = try store.put("evt_late", customer: "cus_late", tenant: "club", at: noon + .seconds(3))
        func page(_ status: EventStatus, before: String? = nil, limit: Int = 5, most: Int = 3) throws -> EventPage {
            var filter = EventFilter()
            filter.status = status
            return try queries.list(filter, before: before.flatMap { EventID($0) }, limit: limit, mostLookedAt: most)
        }
        #expect(try page(.failed) == page(.failed, most: 100) && page(.failed).events.map(\.id) == [dead])
        #expect(try page(.queued).events.map(\.id) == [late, waiting] && page(.queued).next == nil)
        #expect(try page(.queued, limit: 1).next == late && page(.queued, before: late).events.map(\.id) == [waiting])
        var filter = EventFilter()
        filter.status = .queued
        #expect(try queries.list(filter, after: EventID(dead)!, limit: 1, mostLookedAt: 3).events.map(\.id) == [waiting])
        filter.tenant = TenantName("shop")
        #expect(try queries.list(filter, limit: 5, mostLookedAt: 3).events.isEmpty)
        #expect(try page(.processed).stoppedLooking == true && done.count == 9, "of others as many are looked at as ever")
        #expect(try page(.queued, most: 1).stoppedLooking, "nor where more wait than a page looks at")
    }

    @Test func pagesByOrderOfArrival() throws {
        let all = try (0..<7).map { try store.put("evt_\($0)") }
        var seen: [String] = []
        var before: EventID?
        repeat {
            let page = try queries.list(EventFilter(), before: before, limit: 3)
            seen += page.events.map(\.id)
            #expect(!page.stoppedLooking)
            before = page.next.flatMap { EventID($0) }
        } while before != nil
        #expect(seen == all.reversed())
    }

    @Test func stopsLooking() throws {
        let all = try (0..<7).map { try store.put("evt_\($0)", type: $0 == 0 ? "customer.created" : "customer.updated") }
        var filter = EventFilter()
        filter.type = "customer.created"
        let page = try queries.list(filter, limit: 3, mostLookedAt: 4)
        #expect(page == EventPage(events: [], next: all[3], stoppedLooking: true))
        let next = try queries.list(filter, before: EventID(all[3]), limit: 3, mostLookedAt: 4)
        #expect(next.events.map(\.id) == [all[0]] && next.next == nil)
    }

    @Test func findsByEveryKindOfID() throws {
        let id = try store.put("evt_1")
        let other = try store.put("evt_2", tenant: "club")
        for text in [id, "evt_1", "stripe:shop:evt_1"] { #expect(try queries.find(text).map(\.summary.id) == [id]) }
        try store.put("evt_1", tenant: "club")
        #expect(try queries.find("evt_1").count == 2)
        #expect(throws: Failure.self) { try queries.only("evt_1") }
        #expect(try queries.only("stripe:shop:evt_1").summary.id == id)
        // The same row number with other random bits is another id.
        let twin = EventID(sequence: EventID(other)!.sequence, entropy: 1).description
        for text in ["", "evt_3", "' OR 1", twin] { #expect(throws: Failure.self) { try queries.only(text) } }
    }

    @Test func findsByGitHubsDelivery() throws {
        let delivery = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
        let headers = HeaderFields([
            ("x-github-delivery", delivery), ("x-github-event", "push"), ("x-hub-signature-256", "sha256=0123456789abcdef"),
        ])
        let id = try store.put("github", body: fixture("github/push.json"), headers: headers, tenant: "shop", at: noon)
        let event = try queries.only(delivery)
        #expect(event.summary.id == id && event.job == nil && event.summary.status == "received")
        let shown = EventView(event: event).headers
        #expect(shown.first { $0.name == "x-hub-signature-256" }?.value == "sha256=01234…")
        #expect(shown.first { $0.name == "x-github-event" }?.value == "push")
    }

    /// A program's reader would keep one of two, and nobody says which.
    @Test func namesNoMemberTwice() throws {
        let id = try store.put("evt_1", at: noon)
        try store.settle(.dead("http_400"))
        let view = try queries.view(queries.only(id))
        guard case .object(let members) = view.json else { return #expect(Bool(false), "an event is an object") }
        let names = members.map(\.name)
        #expect(Set(names).count == names.count, "\(names)")
        #expect(members.first { $0.name == "attempts" }?.value == .number("1"))
    }

    @Test func counts() throws {
        #expect(try queries.counts() == EventCounts(lines: [], oldestQueued: nil))
        try store.put("evt_1", at: noon)
        try store.put("evt_2", tenant: "club", at: noon + .seconds(5))
        try store.settle(.done(httpStatus: 200))
        let counts = try queries.counts()
        #expect(counts.lines.map(\.tenant) == ["club", "shop"])
        #expect(counts.total(.processed) == 1 && counts.total(.queued) == 1 && counts.total(.failed) == 0)
        #expect(counts.oldestQueued == noon + .seconds(5))
    }

    @Test func reportsForPrograms() throws {
        try store.put("evt_1", at: noon)
        let report = StatusReport(counts: try queries.counts(), path: store.path, now: noon + .milliseconds(2999)).json.text
        let root = try JSONDocument(Bytes(report.utf8)).root
        for (name, expected) in [("queued", 1), ("processed", 0), ("failed", 0), ("dead", 0), ("oldest_queued_age_seconds", 2)]
            as [(String, Int64)]
        {
            #expect(root[name]?.integer == expected, "\(name)")
        }
        #expect(root["database_bytes"]?.integer ?? 0 > 0)
        #expect(root["tenants"]?.elements.first?["queued"]?.integer == 1)
    }
}
