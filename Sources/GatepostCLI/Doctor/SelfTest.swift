import Common
import Foundation
import Transport

/// An event of our own on a provider's way: signed with a real secret, through nginx and ingest into the store, by the worker to WordPress,
/// and out of the store again. Its type is `gatepost.selftest`: no mapping knows it, so that ingest keeps it, and the plugin does nothing
/// with it.
struct SelfTest {
    let source: SourceName
    let tenant: TenantName
    let delivery: Delivery
    let secret: Secret

    /// The first source whose signature can be made here and whose routes would keep the event, of a tenant that has a WordPress if there is
    /// one; nil: none.
    static func among(_ settings: Settings, url: String, id: String, now: Timestamp) -> SelfTest? {
        let all = candidates(settings, url: url, id: id, now: now)
        return all.first { settings.tenants[$0.tenant]?.usableWordPress != nil } ?? all.first
    }

    private static func candidates(_ settings: Settings, url: String, id: String, now: Timestamp) -> [SelfTest] {
        settings.sources.sorted { $0.key < $1.key }.flatMap { name, source -> [SelfTest] in
            guard let body = body(for: source.provider, id: id), reads(body, source, id: id) else { return [] }
            return source.secrets.compactMap { tenant, secrets in
                guard let secret = secrets.first(where: { $0.window.contains(now) })?.secret else { return nil }
                let delivery = Delivery(
                    provider: source.provider, url: "\(url)/api/webhooks/\(name)/\(tenant)/ingest", body: body, id: id,
                    event: Gatepost.selfTestType)
                guard (try? delivery.signed(with: secret, now: now)) != nil else { return nil }
                return SelfTest(source: name, tenant: tenant, delivery: delivery, secret: secret)
            }
        }
    }

    /// The least JSON that has id and type where this provider has them; nil where they stand in no plain member.
    static func body(for provider: Provider, id: String) -> Bytes? {
        guard provider.events == nil, provider.eventID.count <= 1, !provider.eventType.isEmpty else { return nil }
        guard provider.contentTypes["application/json"] == .json else { return nil }
        var members: [(path: [String], value: String)] = []
        for (piece, value) in [(provider.eventID.first, id), (provider.eventType.first, Gatepost.selfTestType)] {
            switch piece {
            case .json(let path):
                guard let names = names(of: path.description) else { return nil }
                members.append((names, value))
            case .header, nil: continue
            default: return nil
            }
        }
        return Bytes(object(members).utf8)
    }

    /// `$.meta.event_name` as its names.
    private static func names(of path: String) -> [String]? {
        let names = path.split(separator: ".").dropFirst().map(String.init)
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
        return path.hasPrefix("$.") && !names.isEmpty && names.allSatisfy { $0.allSatisfy(allowed.contains) } ? names : nil
    }

    private static func object(_ members: [(path: [String], value: String)]) -> String {
        let groups = Dictionary(grouping: members) { $0.path[0] }
        let texts = groups.sorted { $0.key < $1.key }.map { name, members in
            let deeper = members.filter { $0.path.count > 1 }.map { (Array($0.path.dropFirst()), $0.value) }
            return "\"\(name)\":" + (deeper.isEmpty ? "\"\(members[0].value)\"" : object(deeper))
        }
        return "{\(texts.joined(separator: ","))}"
    }

    /// As ingest will read it: of our type, and kept.
    static func reads(_ body: Bytes, _ source: Settings.Source, id: String) -> Bool {
        var headers: [(String, Bytes)] = []
        for case .header(let name) in source.provider.eventType { headers.append((name, Bytes(Gatepost.selfTestType.utf8))) }
        for case .header(let name) in source.provider.eventID { headers.append((name, Bytes(id.utf8))) }
        guard let value = try? JSONDocument(body).root else { return false }
        let reading = source.provider.read(
            value, headers: HeaderFields(headers.map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }), overrides: source.routes)
        return reading.eventType == Gatepost.selfTestType && reading.route == .keep
    }

    /// Sends it, looks for it in the store, sees the worker push it, and takes it out.
    func run(_ store: Store, delivery: SelfTestDelivery, now: Timestamp) -> SelfTestCheckup {
        let name = "\(source) of \(tenant)"
        let request: HTTPRequest
        do { request = try self.delivery.signed(with: secret, now: now) } catch {
            return SelfTestCheckup(way: name, outcome: .notSent("\(error)"))
        }
        switch Exchange.run(request) {
        case .failure(let error): return SelfTestCheckup(way: name, outcome: .notSent("\(error)"))
        case .success(let answer):
            guard answer.status == 202, let id = (try? JSONDocument(answer.body))?.root["event_id"]?.string else {
                return SelfTestCheckup(way: name, outcome: .refused(status: answer.status, requestID: answer.header("x-request-id")))
            }
            return found(id, as: name, SelfTests(store: store), delivery, now: now)
        }
    }

    private func found(_ id: String, as name: String, _ tests: SelfTests, _ delivery: SelfTestDelivery, now: Timestamp) -> SelfTestCheckup {
        do {
            guard try tests.standing(id: id) != nil else { return SelfTestCheckup(way: name, outcome: .notFound(id: id)) }
            let outcome = delivery.follow(id, tests, now: now)
            return SelfTestCheckup(way: name, outcome: try tests.remove(id: id) ? .stored : .notFound(id: id), delivery: outcome)
        } catch {
            return SelfTestCheckup(way: name, outcome: .notRemoved(id: id, reason: error.description))
        }
    }
}

struct SelfTestCheckup: Checkup {
    enum Outcome: Equatable {
        case stored
        case notSent(String)
        case refused(status: Int, requestID: String?)
        /// Ingest said that it stored it, and it is not in our store.
        case notFound(id: String)
        case notRemoved(id: String, reason: String)
        case impossible(String)
    }

    /// Whose secret signed it.
    let way: String
    let outcome: Outcome
    /// Nil where it did not come so far.
    var delivery: SelfTestDelivery.Outcome?

    var findings: [Finding] { arrival + (delivery.map { [$0.finding] } ?? []) }

    private var arrival: [Finding] {
        let name = "self-test"
        switch outcome {
        case .stored: return [.pass(name, "an event signed as \(way) went through nginx and ingest into the store, and was removed")]
        case .notSent(let reason):
            return [.fail(name, "an event as \(way) found no answer: \(reason)", fix: "see \"public address\" above")]
        case .refused(let status, let id):
            let hint = status == 401 ? "ingest reads secrets when it starts: systemctl reload gatepost-ingest; " : ""
            let line = id.map { " | grep \($0.printable)" } ?? ""
            return [
                .fail(name, "an event signed as \(way) was answered \(status)", fix: "\(hint)journalctl -u gatepost-ingest -o cat\(line)")
            ]
        case .notFound(let id):
            return [
                .fail(
                    name, "ingest stored event \(id.printable) in another store than the settings name",
                    fix: "restart ingest; is public-url another machine?")
            ]
        case .notRemoved(let id, let reason):
            return [
                .fail(
                    name, "the event arrived but could not be removed: \(reason)",
                    fix: "event \(id.printable) is left; it has no effect anywhere")
            ]
        case .impossible(let reason): return [.skip(name, reason)]
        }
    }
}
