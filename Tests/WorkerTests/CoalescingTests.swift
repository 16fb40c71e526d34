import Foundation
import Testing

@testable import Common

/// One lane's open work: `job("customer.updated")` and so on, in order of arrival.
private func job(
    _ type: String, route: Route = .userSync, key: String? = nil, source: String = "stripe", bytes: Int = 100
) -> PendingJob {
    PendingJob(
        sequence: 1, eventID: "id", route: route, lane: "stripe:cus_1", pushKey: key, source: source, eventType: type,
        bytes: bytes)
}

private func jobs(_ count: Int, _ type: String = "customer.updated", key: String? = nil, bytes: Int = 100) -> [PendingJob] {
    (0..<count).map { _ in job(type, key: key, bytes: bytes) }
}

@Suite struct NextPushTests {
    private static let order = job("invoice.paid", route: .orderEvent)

    @Test(arguments: [
        ("one", jobs(1), 1),
        ("a run of syncs", jobs(7), 7),
        ("created, then updated", [job("customer.created")] + jobs(2), 3),
        ("a hundred", jobs(100), 100),
        ("a hundred and one", jobs(101), 100),
        ("orders, each alone", [order, order, order], 1),
        ("a sync before an order", jobs(2) + [order] + jobs(2), 2),
        ("an order before syncs", [order] + jobs(3), 1),
        ("a deletion alone", [job("customer.deleted")], 1),
        ("a deletion before syncs", [job("customer.deleted")] + jobs(3), 1),
        ("a deletion behind syncs", jobs(3) + [job("customer.deleted")] + jobs(1), 3),
        ("HubSpot's word for it", [job("contact.propertyChange"), job("contact.deletion")], 1),
        ("in capitals", [job("contact.propertyChange"), job("contact.Deleted")], 1),
        ("another source", jobs(2) + [job("customer.updated", source: "hubspot")], 2),
        ("another kind", jobs(2) + [job("contact.creation")], 2),
        ("a type without a dot", [job("customer"), job("customer.updated"), job("customers.updated")], 2),
        ("no type", [job(""), job(""), job("customer.updated")], 2),
    ])
    private func goes(_ what: String, _ jobs: [PendingJob], _ expected: Int) {
        #expect(Coalescing.nextPush(from: jobs) == expected, "\(what)")
    }

    @Test(arguments: [
        ("just as many bytes", jobs(4, bytes: 1 << 18), 4),
        ("one byte more", jobs(3, bytes: 1 << 18) + jobs(1, bytes: 1 << 18 + 1), 3),
        ("the first over the limit by itself", jobs(2, bytes: 2 << 20), 1),
        ("a large one behind", jobs(1) + jobs(1, bytes: 2 << 20), 1),
    ])
    private func staysBelowAMebibyte(_ what: String, _ jobs: [PendingJob], _ expected: Int) {
        #expect(Coalescing.nextPush(from: jobs) == expected, "\(what)")
    }

    @Test(arguments: [
        ("the same events again", jobs(3, key: "a"), 3),
        ("and no later one with them", jobs(3, key: "a") + jobs(5), 3),
        ("not another's push", jobs(2, key: "a") + jobs(2, key: "b"), 2),
        ("not one of the same key behind a gap", jobs(1, key: "a") + jobs(1) + jobs(1, key: "a"), 1),
        ("an order again", [job("invoice.paid", route: .orderEvent, key: "a")] + [order], 1),
        ("whatever it weighs now", jobs(3, key: "a", bytes: 1 << 20), 3),
    ])
    private func aPushThatWasBegunGoesAsItWas(_ what: String, _ jobs: [PendingJob], _ expected: Int) {
        #expect(Coalescing.nextPush(from: jobs) == expected, "\(what)")
    }

    @Test func aFreshHeadLeavesAnothersPushAlone() {
        #expect(Coalescing.nextPush(from: jobs(2) + jobs(2, key: "a") + jobs(2)) == 2)
    }

    /// An operator may send subscriptions to user-sync. Their `data` is another object than the customer's.
    @Test func aCustomerAndItsSubscriptionAreTwoKinds() {
        #expect(Coalescing.nextPush(from: [job("customer.updated"), job("customer.subscription.updated")]) == 1)
    }
}

@Suite struct PushKeyTests {
    @Test func oneEventGoesUnderItsOwnID() {
        #expect(Coalescing.key(of: ["0199-a"]) == "0199-a")
    }

    @Test func severalGoUnderADigestOfAll() {
        // `printf 'a,b' | sha256sum`, the first twenty bytes.
        #expect(Coalescing.key(of: ["a", "b"]) == "group-1eb7c54d52831bbfe8942af0b1c56b7409523a59")
        #expect(Coalescing.key(of: ["a", "b"]) == Coalescing.key(of: ["a", "b"]))
        #expect(Coalescing.key(of: ["b", "a"]) != Coalescing.key(of: ["a", "b"]))
        #expect(Coalescing.key(of: ["a", "b", "c"]) != Coalescing.key(of: ["a", "b"]))
    }

    /// The plugin keeps keys of up to 191 bytes as they are.
    @Test func staysShort() {
        let ids = (0..<100).map { EventID(sequence: Int64($0), entropy: 0).description }
        #expect(Coalescing.key(of: ids).utf8.count == 46)
    }
}
