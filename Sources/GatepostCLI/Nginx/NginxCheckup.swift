import Common

/// nginx's configuration beside the settings: caps, allowlists, socket, connections.
struct NginxCheckup: Checkup {
    /// Connections that each of ingest's turns takes.
    static let connectionsATurn = 2048

    let tree: [NginxDirective]
    let settings: Settings
    let socketPath: String
    let processors: Int

    var findings: [Finding] {
        let servers = Self.all("server", in: tree).filter {
            Self.all("fastcgi_pass", in: $0.children).contains { $0.arguments == ["gatepost_ingest"] }
        }
        guard !servers.isEmpty else {
            return [.fail("site", "no server of nginx's passes anything to Gatepost", fix: "enable the site: docs/install.md, step 6")]
        }
        let sources = servers.flatMap { server in settings.sources.sorted { $0.key < $1.key }.flatMap { judge($0.key, $0.value, server) } }
        return [upstream, connections] + (sources.isEmpty ? [.skip("sources", "no source has a secret")] : sources)
    }

    private var http: [NginxDirective] { tree.filter { $0.name == "http" }.flatMap(\.children) }

    private var gateway: NginxDirective? { http.first { $0.name == "upstream" && $0.arguments == ["gatepost_ingest"] } }

    private var upstream: Finding {
        let place = gateway?.children.first { $0.name == "server" }?.arguments.first
        guard place == "unix:\(socketPath)" else {
            return .fail(
                "upstream", "gatepost_ingest is at \(place ?? "no place"), ingest listens on \(socketPath)",
                fix: "gatepost-upstream.conf and the socket unit must name the same path")
        }
        return .pass("upstream", "nginx and ingest name the same socket")
    }

    private var connections: Finding {
        let workers = tree.first { $0.name == "worker_processes" }?.arguments.first.flatMap { Int($0) } ?? processors
        let kept = gateway?.children.first { $0.name == "keepalive" }?.arguments.first.flatMap { Int($0) } ?? 0
        let (most, taken) = (workers * kept, settings.ingest.turns * Self.connectionsATurn)
        let text = "\(workers) nginx workers keep \(most) connections, ingest takes \(taken)"
        return most < taken
            ? .pass("connections", text)
            : .warn("connections", text, fix: "lower keepalive in gatepost-upstream.conf, or raise ingest.turns")
    }

    /// nginx takes the first regular expression that matches; ours name the source.
    private func judge(_ name: SourceName, _ source: Settings.Source, _ server: NginxDirective) -> [Finding] {
        let locations = server.children.filter { $0.name == "location" }
        let own = locations.first {
            $0.arguments.first?.hasPrefix("~") == true && $0.arguments.last?.contains("/api/webhooks/\(name)(") == true
        }
        guard let location = own ?? locations.first(where: { $0.arguments.last == "/api/webhooks/" }) else {
            return [.fail("source \(name)", "no location of nginx's takes it", fix: "include snippets/gatepost-webhooks.conf in the site")]
        }
        let cap = [location.children, server.children, http].lazy.compactMap(Self.cap).first ?? 1 << 20
        return [size(name, source.bodyLimit, cap)] + addresses(name, source, location)
    }

    private func size(_ name: SourceName, _ limit: Int, _ cap: Int) -> Finding {
        let text = "bodies to \(cap == 0 ? "any size" : ByteCount.text(cap)) pass nginx, ingest takes \(ByteCount.text(limit))"
        if cap == limit { return .pass("source \(name)", text) }
        if cap != 0, cap < limit {
            return .fail(
                "source \(name)", text, fix: "raise client_max_body_size, or write it anew: gatepost nginx render --to /etc/nginx/gatepost")
        }
        return .warn("source \(name)", text, fix: "lower client_max_body_size: nginx would hold bodies that ingest refuses")
    }

    private func addresses(_ name: SourceName, _ source: Settings.Source, _ location: NginxDirective) -> [Finding] {
        let inNginx = Set(location.children.filter { $0.name == "allow" }.compactMap(\.arguments.first))
        let ours = Set(source.allowed.map(\.description))
        let check = "source \(name) allow"
        let isClosed = location.children.contains { $0.name == "deny" && $0.arguments == ["all"] }
        if !inNginx.isEmpty, !isClosed {
            return [.fail(check, "nginx has allow lines and no `deny all`: it lets everybody through", fix: "add `deny all;` after them")]
        }
        guard !ours.isEmpty else { return [] }
        let missing = ours.subtracting(inNginx).sorted()
        if inNginx.isEmpty { return [.pass(check, "ingest alone looks at the sender's address")] }
        if !missing.isEmpty {
            return [
                .fail(
                    check, "nginx refuses what the settings allow: \(missing.joined(separator: ", "))",
                    fix: "gatepost nginx render --to /etc/nginx/gatepost")
            ]
        }
        return [.pass(check, "nginx and settings allow the same addresses")]
    }

    /// `512k`, `25m`, `1g`, bytes; 0: no limit.
    private static func cap(_ directives: [NginxDirective]) -> Int? {
        guard let text = directives.last(where: { $0.name == "client_max_body_size" })?.arguments.first?.lowercased() else { return nil }
        let units: [Character: Int] = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
        guard let unit = text.last.flatMap({ units[$0] }) else { return Int(text) }
        return Int(text.dropLast()).map { $0 * unit }
    }

    private static func all(_ name: String, in tree: [NginxDirective]) -> [NginxDirective] {
        tree.flatMap { ($0.name == name ? [$0] : []) + all(name, in: $0.children) }
    }
}
