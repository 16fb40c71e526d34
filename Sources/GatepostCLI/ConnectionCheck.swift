import Common
import Delivery
import Transport

/// `check --connect`: asks each tenant's WordPress whether a push would get through.
struct ConnectionCheck {
    let results: [(tenant: TenantName, site: Settings.WordPress, report: Preflight.Report)]

    init(_ settings: Settings) throws {
        let transfers = try Transfers<Int>(
            options: TransferOptions(
                connectTimeout: settings.worker.connectTimeout, timeout: settings.worker.timeout, userAgent: "Gatepost/\(Gatepost.version)"),
            mostPerHost: 1)
        results = try settings.tenants.sorted { $0.key < $1.key }.compactMap { tenant, own in
            guard let site = own.usableWordPress else { return nil }
            let report = try Preflight(site, now: WallClock.system.now) { request in
                try transfers.start(request, tag: 0)
                while true {
                    if let (_, result) = transfers.wait(milliseconds: 1000).first { return result }
                }
            }.run()
            return (tenant, site, report)
        }
    }

    var isWell: Bool { results.allSatisfy(\.report.troubles.isEmpty) }

    var json: JSONTree {
        .array(
            results.map { tenant, site, report -> JSONTree in
                [
                    "tenant": .string(tenant.description), "wordpress": .string(site.baseURL), "ok": .bool(report.troubles.isEmpty),
                    "plugin_version": JSONTree(report.plugin), "wordpress_version": JSONTree(report.wordpress),
                    "php_version": JSONTree(report.php),
                    "troubles": .array(
                        report.troubles.map {
                            ["cause": .string($0.cause), "text": .string($0.text), "http_status": JSONTree($0.httpStatus)]
                        }),
                ]
            })
    }

    func print() {
        Output.line()
        var table = Table(["TENANT", "WORDPRESS", "ANSWER", "PLUGIN", "WHAT"])
        for (tenant, site, report) in results {
            guard !report.troubles.isEmpty else {
                let versions = "WordPress \(report.wordpress ?? "?"), PHP \(report.php ?? "?")"
                table.add([tenant.description, site.baseURL, "well", report.plugin, versions])
                continue
            }
            for trouble in report.troubles { table.add([tenant.description, site.baseURL, trouble.cause, report.plugin, trouble.text]) }
        }
        Output.table(table)
    }
}
