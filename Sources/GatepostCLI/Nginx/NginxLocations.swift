import Common

/// One source's location for nginx, from the settings: body cap, who may send, whose events they are.
struct NginxLocation: Equatable {
    static let mark = "# Written by gatepost nginx render; changes here are lost."

    let source: SourceName
    let bodyLimit: Int
    var allowed: [AddressRange] = []
    /// A file of `allow` lines, from the provider's published list.
    var allowFile: String?
    var tenant: TenantName?

    var text: String {
        var lines = [Self.mark, "location ~ ^/api/webhooks/\(source)(?:/|$) {", "    client_max_body_size \(bodyLimit);"]
        lines += allowed.map { "    allow \($0);" }
        if let allowFile { lines.append("    include \(allowFile);") }
        if !allowed.isEmpty || allowFile != nil { lines.append("    deny  all;") }
        if let tenant { lines.append("    set $gatepost_tenant \(tenant);") }
        lines += ["    include snippets/gatepost-pass.conf;", "}"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// Of every source that has a secret; of one tenant's alone where it is named.
    /// - Parameter allowFile: the published list of a source, where there is one.
    static func all(_ settings: Settings, tenant: TenantName? = nil, allowFile: (SourceName) -> String? = { _ in nil }) -> [NginxLocation] {
        settings.sources.sorted { $0.key < $1.key }.compactMap { name, source in
            if let tenant, !source.secrets.contains(where: { $0.tenant == tenant }) { return nil }
            // nginx takes its own word on who may send only where the settings have none: theirs is the narrower one.
            let file = source.allowed.isEmpty ? allowFile(name) : nil
            return NginxLocation(source: name, bodyLimit: source.bodyLimit, allowed: source.allowed, allowFile: file, tenant: tenant)
        }
    }
}
