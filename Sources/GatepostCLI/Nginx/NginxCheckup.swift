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
        return [upstream, connections] + servers.flatMap(tenants)
            + (sources.isEmpty ? [.skip("sources", "no source has a secret")] : sources)
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

    /// A name that is set here wins over path and secret: with one that does not exist every event is 404.
    private func tenants(_ server: NginxDirective) -> [Finding] {
        let set = Self.all("set", in: server.children).filter { $0.arguments.first == "$gatepost_tenant" }.compactMap(\.arguments.last)
        let known = settings.sources.values.flatMap { $0.secrets.map(\.tenant) } + settings.tenants.keys
        let unknown = Set(set).filter { name in !name.isEmpty && !name.contains("$") && !known.contains { $0.description == name } }
        return unknown.sorted().map {
            .fail("tenant", "nginx says $gatepost_tenant \($0), and the settings have no such tenant", fix: "correct the name in the site")
        }
    }

    /// By the addresses that providers are given.
    private func judge(_ name: SourceName, _ source: Settings.Source, _ server: NginxDirective) -> [Finding] {
        let paths = ["/api/webhooks/\(name)/ingest"] + source.secrets.prefix(1).map { "/api/webhooks/\(name)/\($0.tenant)/ingest" }
        let found = paths.map { NginxDirective.location(for: $0, among: server.children) }
        let locations = found.enumerated().filter { index, location in !found.prefix(index).contains(location) }.map(\.element)
        return locations.flatMap { judge(name, source, server, $0) }
    }

    private func judge(_ name: SourceName, _ source: Settings.Source, _ server: NginxDirective, _ location: NginxDirective?) -> [Finding] {
        guard let location else {
            return [.fail("source \(name)", "no location of nginx's takes it", fix: "include snippets/gatepost-webhooks.conf in the site")]
        }
        guard Self.all("fastcgi_pass", in: location.children).contains(where: { $0.arguments == ["gatepost_ingest"] }) else {
            let place = location.arguments.joined(separator: " ").printable
            return [
                .fail(
                    "source \(name)", "nginx takes `location \(place)` for it, which does not pass it to ingest",
                    fix: "put snippets/gatepost-webhooks.conf before it, or a narrower expression into it")
            ]
        }
        let blocks = [location.children, server.children, http]
        let cap = blocks.lazy.compactMap(Self.cap).first ?? 1 << 20
        return [size(name, source.bodyLimit, cap)] + addresses(name, source, blocks)
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

    private func addresses(_ name: SourceName, _ source: Settings.Source, _ blocks: [[NginxDirective]]) -> [Finding] {
        let ours = Set(source.allowed.map(\.description))
        let check = "source \(name) allow"
        switch NginxAccess(blocks).who {
        case .listLeftOpen:
            return [
                .fail(
                    check, "nginx has allow lines and no `deny all` behind them: it lets everybody through",
                    fix: "add `deny all;` after them")
            ]
        case .everybody: return ours.isEmpty ? [] : [.pass(check, "ingest alone looks at the sender's address")]
        case .nobody: return [.fail(check, "nginx refuses everybody: `deny all` stands before any `allow`", fix: "put it behind them")]
        case .some(let inNginx):
            let missing = ours.subtracting(inNginx).sorted()
            guard missing.isEmpty else {
                let text = "nginx refuses what the settings allow: \(missing.joined(separator: ", "))"
                return [.fail(check, text, fix: "gatepost nginx render --to /etc/nginx/gatepost")]
            }
            guard !ours.isEmpty else { return [] }
            let more = inNginx.count - ours.count
            return [
                .pass(
                    check,
                    more == 0 ? "nginx and settings allow the same addresses" : "nginx lets \(more) more through; ingest refuses them")
            ]
        }
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
