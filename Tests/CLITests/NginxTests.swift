import Foundation
import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct NginxTests {
    private static func settings(_ limits: [String: Int] = ["stripe": 512 << 10, "github": 25 << 20], allow: [String] = []) -> Settings {
        var settings = Settings()
        for (source, limit) in limits {
            let provider = Catalogue.provider(for: name(source))!
            var one = Settings.Source(provider: provider, bodyLimit: limit)
            one.secrets = [(TenantName(source == "github" ? "club" : "shop")!, [ProviderSecret(Secret("s"))])]
            if source == "stripe" { one.allowed = allow.compactMap { AddressRange($0) } }
            settings.sources[name(source)] = one
        }
        return settings
    }

    @Test func rendersALocationForEverySource() {
        let locations = NginxLocation.all(Self.settings(allow: ["192.0.2.0/24"])) { "/allow/\($0).conf" }
        #expect(locations.map(\.source.description) == ["github", "stripe"])
        #expect(
            locations[0].text == """
                \(NginxLocation.mark)
                location ~ ^/api/webhooks/github(?:/|$) {
                    client_max_body_size 26214400;
                    include /allow/github.conf;
                    deny  all;
                    include snippets/gatepost-pass.conf;
                }

                """)
        #expect(locations[1].text.contains("    allow 192.0.2.0/24;\n    deny  all;\n"), "the settings' own list wins")
    }

    @Test func rendersOneTenantsSite() {
        let locations = NginxLocation.all(Self.settings(), tenant: TenantName("shop"))
        #expect(locations.map(\.source.description) == ["stripe"])
        #expect(locations[0].text.contains("    set $gatepost_tenant shop;\n"))
    }

    @Test func removesOnlyWhatItWrote() throws {
        let scratch = try Scratch()
        let folder = scratch.path + "/sources"
        #expect(try NginxRenderCommand.write(NginxLocation.all(Self.settings()), to: folder) == (2, 0))
        try Data("# mine\n".utf8).write(to: URL(filePath: folder + "/mine.conf"))
        #expect(try NginxRenderCommand.write(NginxLocation.all(Self.settings(["stripe": 1024])), to: folder) == (1, 1))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["mine.conf", "stripe.conf"])
    }

    @Test(arguments: [
        ("a;", [NginxDirective(name: "a", arguments: [])]),
        (
            "a b 'c d' \"e\\\"f\"; # g;\nh { i j; }",
            [
                NginxDirective(name: "a", arguments: ["b", "c d", "e\"f"]),
                NginxDirective(name: "h", arguments: [], children: [NginxDirective(name: "i", arguments: ["j"])]),
            ]
        ),
        ("set $a ${b}c;", [NginxDirective(name: "set", arguments: ["$a", "${b}c"])]),
        ("", []), ("}", []), ("a {", [NginxDirective(name: "a", arguments: [])]),
    ])
    func parses(_ text: String, expected: [NginxDirective]) { #expect(NginxDirective.parse(text) == expected) }

    @Test(arguments: [
        ("/etc/nginx/conf.d/a.conf", "/etc/nginx/conf.d/*.conf", true), ("/etc/nginx/conf.d/a.conf", "/etc/nginx/conf.d/a.conf", true),
        ("/etc/nginx/conf.d/x/a.conf", "/etc/nginx/conf.d/*.conf", false), ("/a.conf", "/a.conf*.conf", false),
        ("/sites/x", "/sites/*", true),
    ])
    func includes(_ path: String, _ pattern: String, expected: Bool) { #expect(NginxDirective.matches(path, pattern) == expected) }

    private static func dump(_ locations: String, workers: String = "2", socket: String = "/s", keepalive: Int = 32) -> String {
        """
        # configuration file /etc/nginx/nginx.conf:
        worker_processes \(workers);
        http {
            include conf.d/*.conf;
            server { listen 80; location / { return 404; } }
            server { location /api/webhooks/ { client_max_body_size 512k; include snippets/pass.conf; } \(locations) }
        }
        # configuration file /etc/nginx/conf.d/upstream.conf:
        upstream gatepost_ingest { server unix:\(socket); keepalive \(keepalive); }
        # configuration file /etc/nginx/snippets/pass.conf:
        fastcgi_pass gatepost_ingest;

        """
    }

    private static let github = "location ~ ^/api/webhooks/github(?:/|$) { client_max_body_size 25m; include snippets/pass.conf; }"

    private static func stripe(_ inside: String) -> String {
        github + " location ~ ^/api/webhooks/stripe(?:/|$) { client_max_body_size 524288; \(inside) include snippets/pass.conf; }"
    }

    @Test(arguments: [
        ("well", dump(github), [], ["upstream: pass", "connections: pass", "source github: pass", "source stripe: pass"]),
        ("no own location", dump(""), [], ["upstream: pass", "connections: pass", "source github: fail", "source stripe: pass"]),
        (
            "another socket", dump(github, socket: "/t"), [],
            ["upstream: fail", "connections: pass", "source github: pass", "source stripe: pass"]
        ),
        (
            "too many kept", dump(github, keepalive: 2048), [],
            ["upstream: pass", "connections: warn", "source github: pass", "source stripe: pass"]
        ),
        (
            "too large", dump(github.replacingOccurrences(of: "25m", with: "26m")), [],
            ["upstream: pass", "connections: pass", "source github: warn", "source stripe: pass"]
        ),
        (
            "any size", dump(github.replacingOccurrences(of: "25m", with: "0")), [],
            ["upstream: pass", "connections: pass", "source github: warn", "source stripe: pass"]
        ),
        (
            "the same list", dump(stripe("allow 192.0.2.1; deny all;")), ["192.0.2.1"],
            ["upstream: pass", "connections: pass", "source github: pass", "source stripe: pass", "source stripe allow: pass"]
        ),
        (
            "a narrower list", dump(stripe("allow 192.0.2.1; deny all;")), ["192.0.2.1", "192.0.2.2"],
            ["upstream: pass", "connections: pass", "source github: pass", "source stripe: pass", "source stripe allow: fail"]
        ),
        (
            "an open list", dump(stripe("allow 192.0.2.1;")), [],
            ["upstream: pass", "connections: pass", "source github: pass", "source stripe: pass", "source stripe allow: fail"]
        ),
        (
            "ingest alone", dump(github), ["192.0.2.1"],
            ["upstream: pass", "connections: pass", "source github: pass", "source stripe: pass", "source stripe allow: pass"]
        ),
        (
            "the server's list is the location's", dump("\(github) allow 192.0.2.9; deny all;"), ["192.0.2.1"],
            [
                "upstream: pass", "connections: pass", "source github: pass", "source stripe: pass", "source stripe allow: fail",
            ]
        ),
        (
            "refuses before it allows", dump(stripe("deny all; allow 192.0.2.1;")), ["192.0.2.1"],
            ["upstream: pass", "connections: pass", "source github: pass", "source stripe: pass", "source stripe allow: fail"]
        ),
        (
            "allows all before it refuses", dump(stripe("allow all; deny all;")), ["192.0.2.1"],
            ["upstream: pass", "connections: pass", "source github: pass", "source stripe: pass", "source stripe allow: pass"]
        ),
        (
            "a wider list", dump(stripe("allow 192.0.2.1; allow 192.0.2.2; deny all;")), ["192.0.2.1"],
            ["upstream: pass", "connections: pass", "source github: pass", "source stripe: pass", "source stripe allow: pass"]
        ),
        (
            "written in another way",
            dump("\(github) location ~ ^/api/webhooks/stripe/ { client_max_body_size 1k; include snippets/pass.conf; }"), [],
            ["upstream: pass", "connections: pass", "source github: pass", "source stripe: fail"]
        ),
        (
            "an exact place", dump("\(github) location = /api/webhooks/stripe/ingest { return 404; }"), [],
            ["upstream: pass", "connections: pass", "source github: pass", "source stripe: fail", "source stripe: pass"]
        ),
        (
            "another takes them", dump("location ~* ^/API/ { proxy_pass http://app; } \(github)"), [],
            ["upstream: pass", "connections: pass", "source github: fail", "source stripe: fail"]
        ),
        (
            "a tenant that is none", dump("\(github) set $gatepost_tenant shpo;"), [],
            ["upstream: pass", "connections: pass", "tenant: fail", "source github: pass", "source stripe: pass"]
        ),
        (
            "a tenant", dump("\(github) set $gatepost_tenant shop;"), [],
            ["upstream: pass", "connections: pass", "source github: pass", "source stripe: pass"]
        ),
        ("no site", "# configuration file /n:\nhttp { server { } }\n", [], ["site: fail"]),
    ])
    func compares(_ name: String, dump: String, allow: [String], expected: [String]) {
        let checkup = NginxCheckup(
            tree: NginxDirective.tree(of: dump), settings: Self.settings(allow: allow), socketPath: "/s", processors: 2)
        #expect(checkup.findings.map { "\($0.check): \($0.verdict.rawValue)" } == expected, "\(name)")
    }

    @Test(
        arguments: [
            ("good", 200, #"{"hooks":["192.30.252.0/22","2606:50c0::/32","192.0.2.1"]}"#, 3, false, nil),
            ("not found", 404, "{}", 0, false, .status(404)), ("a page", 200, "<html>", 0, false, .notJSON),
            ("no list", 200, #"{"other":[]}"#, 0, false, .noList("hooks")),
            ("a text", 200, #"{"hooks":"192.0.2.1"}"#, 0, false, .noList("hooks")),
            ("empty", 200, #"{"hooks":[]}"#, 0, false, .empty),
            ("rubbish", 200, #"{"hooks":["192.0.2.1; return 200"]}"#, 0, false, .notAnAddress("192.0.2.1; return 200")),
            ("a number", 200, #"{"hooks":[1]}"#, 0, false, .notAnAddress("")),
            ("the world", 200, #"{"hooks":["0.0.0.0/0"]}"#, 0, false, .tooWide("0.0.0.0/0")),
            ("half of IPv6", 200, #"{"hooks":["8000::/1"]}"#, 0, false, .tooWide("8000::/1")),
            ("shrunk", 200, #"{"hooks":["192.0.2.1"]}"#, 2, false, .shrunk(from: 2, to: 1)),
            ("shrunk, forced", 200, #"{"hooks":["192.0.2.1"]}"#, 2, true, nil),
            (
                "too many", 200, #"{"hooks":["# + Array(repeating: #""192.0.2.1""#, count: 1001).joined(separator: ",") + "]}", 0, false,
                .tooMany(1001)
            ),
        ] as [(String, Int, String, Int, Bool, PublishedRanges.Doubt?)])
    func believes(_ name: String, status: Int, body: String, old: Int, force: Bool, doubt: PublishedRanges.Doubt?) {
        func read() throws(PublishedRanges.Doubt) -> PublishedRanges {
            try PublishedRanges(status: status, body: Bytes(body.utf8), list: .init("hooks"), old: old, force: force)
        }
        if let doubt {
            #expect(throws: doubt, "\(name)") { try read() }
        } else {
            #expect(throws: Never.self, "\(name)") { try read() }
        }
    }

    /// As each provider writes it: other products' addresses and those that it is asked at are not taken.
    @Test(arguments: [
        ("stripe", #"{"WEBHOOKS":["3.18.12.63"],"API":["1.1.1.1"]}"#, ["3.18.12.63"]),
        ("github", #"{"hooks":["192.30.252.0/22","2a0a:a440::/29"],"web":["1.1.1.1"]}"#, ["192.30.252.0/22", "2a0a:a440::/29"]),
        ("paddle", #"{"data":{"ipv4_cidrs":["34.232.58.13/32"]},"meta":{"request_id":"r"}}"#, ["34.232.58.13/32"]),
        (
            "bitbucket",
            #"""
            {"syncToken":1,"items":[
            {"cidr":"104.192.136.0/21","product":["bitbucket","jira"],"direction":["ingress","egress"]},
            {"cidr":"1.1.1.0/24","product":["bitbucket"],"direction":["ingress"]},
            {"cidr":"2.2.2.0/24","product":["jira"],"direction":["egress"]},{"cidr":"3.3.3.0/24"}]}
            """#, ["104.192.136.0/21"]
        ),
    ])
    func readsEachProvidersList(_ source: String, body: String, expected: [String]) throws {
        let place = try #require(PublishedRanges.places.first { $0.source == name(source) })
        #expect(place.url.hasPrefix("https://") && Catalogue.provider(for: place.source) != nil)
        let published = try PublishedRanges(status: 200, body: Bytes(body.utf8), list: place.list, old: 0, force: false)
        #expect(published.ranges.map(\.description) == expected)
    }
}
