import Common
import Foundation
import Transport

/// An event of our own on a provider's way: signed with a real secret, through nginx and ingest into the store, and out of it again.
/// Its type is `gatepost.selftest`, which no mapping knows, so that it is kept and pushed nowhere.
struct SelfTest {
    let source: SourceName
    let tenant: TenantName
    let delivery: Delivery
    let secret: Secret

    /// The first source whose signature can be made here and whose routes would keep the event; nil: none.
    static func among(_ settings: Settings, url: String, id: String, now: Timestamp) -> SelfTest? {
        for (name, source) in settings.sources.sorted(by: { $0.key < $1.key }) {
            guard let body = body(for: source.provider, id: id), reads(body, source, id: id) else { continue }
            for (tenant, secrets) in source.secrets {
                guard let secret = secrets.first(where: { $0.window.contains(now) })?.secret else { continue }
                let delivery = Delivery(
                    provider: source.provider, url: "\(url)/api/webhooks/\(name)/\(tenant)/ingest", body: body, id: id,
                    event: Gatepost.selfTestType)
                guard (try? delivery.signed(with: secret, now: now)) != nil else { continue }
                return SelfTest(source: name, tenant: tenant, delivery: delivery, secret: secret)
            }
        }
        return nil
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

    /// Sends it, looks for it in the store and takes it out.
    func run(_ store: Store, now: Timestamp) -> SelfTestCheckup {
        let name = "\(source) of \(tenant)"
        let request: HTTPRequest
        do { request = try delivery.signed(with: secret, now: now) } catch {
            return SelfTestCheckup(way: name, outcome: .notSent("\(error)"))
        }
        switch Exchange.run(request) {
        case .failure(let error): return SelfTestCheckup(way: name, outcome: .notSent("\(error)"))
        case .success(let answer):
            guard answer.status == 202, let id = (try? JSONDocument(answer.body))?.root["event_id"]?.string else {
                return SelfTestCheckup(way: name, outcome: .refused(status: answer.status, requestID: answer.header("x-request-id")))
            }
            do {
                return SelfTestCheckup(way: name, outcome: try store.removeSelfTest(id: id) ? .stored : .notFound(id: id))
            } catch {
                return SelfTestCheckup(way: name, outcome: .notRemoved(id: id, reason: error.description))
            }
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

    var findings: [Finding] {
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
                    fix: "event \(id.printable) is left, as received; it goes nowhere")
            ]
        case .impossible(let reason): return [.skip(name, reason)]
        }
    }
}
