import Common
import Delivery
import Transport

/// What the tenants' WordPress say of a person.
struct WordPressPeople {
    struct Line {
        let tenant: TenantName
        let site: String
        let report: PersonAtWordPress.Report
    }

    private(set) var lines: [Line] = []

    init(_ action: PersonAtWordPress.Action, _ emails: [String], _ options: PersonOptions, _ settings: Settings) throws {
        guard !options.noWordPress, !emails.isEmpty else { return }
        let transfers = try Transfers<Int>(
            options: TransferOptions(
                connectTimeout: settings.worker.connectTimeout, timeout: settings.worker.timeout, userAgent: "Gatepost/\(Gatepost.version)"),
            mostPerHost: 1)
        for (tenant, own) in settings.tenants.sorted(by: { $0.key < $1.key }) where (options.tenant ?? tenant) == tenant {
            guard let site = own.usableWordPress else { continue }
            let asked = PersonAtWordPress(site, now: WallClock.system.now) { request in
                try transfers.start(request, tag: 0)
                while true {
                    if let (_, result) = transfers.wait(milliseconds: 1000).first { return result }
                }
            }
            for email in emails { lines.append(Line(tenant: tenant, site: site.baseURL, report: try asked.run(action, email: email))) }
        }
    }

    var isWell: Bool { lines.allSatisfy { $0.report.trouble == nil } }

    var json: JSONTree {
        .array(
            lines.map { line -> JSONTree in
                [
                    "tenant": .string(line.tenant.description), "wordpress": .string(line.site), "removed": .bool(line.report.isRemoved),
                    "retained": .bool(line.report.isRetained), "messages": .array(line.report.messages.map { .string($0) }),
                    "trouble": JSONTree(line.report.trouble?.description),
                    "data": .array(line.report.items.compactMap { (try? JSONDocument($0)).map { JSONTree($0.root) } }),
                ]
            })
    }

    func print() {
        for line in lines {
            let what = line.report.trouble.map { "NOT ERASED: \($0)" } ?? (line.report.isRemoved ? "erased" : "has nothing of this person")
            Output.line("\(line.tenant), \(line.site): \(what.printable)")
            for message in line.report.messages { Output.line("  \(message.printable)") }
        }
    }
}
