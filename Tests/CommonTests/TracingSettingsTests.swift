import Testing

@testable import Common

@Suite struct TracingSettingsTests {
    private func load(_ variables: [String: String]) throws -> Settings.Tracing? {
        let scratch = try Scratch()
        let secrets = try scratch.write("", to: "secrets.env")
        let file = try scratch.write("{}", to: "gatepost.yaml")
        return try Settings.load(process: variables.merging(["GATEPOST_SECRETS": secrets, "GATEPOST_CONFIG": file]) { $1 }).tracing
    }

    @Test(
        arguments: [
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"], "http://collector:4318/v1/traces"),
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "https://c.example/otlp/"], "https://c.example/otlp/v1/traces"),
            (["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://[::1]:4318/x"], "http://[::1]:4318/x"),
            (
                ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:1", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://b:2/t"], "http://b:2/t"
            ),
            ([:], nil), (["OTEL_SERVICE_NAME": "shop"], nil),
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:1", "OTEL_SDK_DISABLED": "TRUE"], nil),
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:1", "OTEL_SDK_DISABLED": "false"], "http://a:1/v1/traces"),
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:1", "OTEL_TRACES_EXPORTER": "none"], nil),
        ] as [([String: String], String?)])
    func finds(_ variables: [String: String], url: String?) throws { #expect(try load(variables)?.url == url) }

    @Test func readsTheRest() throws {
        let tracing = try #require(
            try load([
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:1", "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20x%3D, a=b",
                "OTEL_EXPORTER_OTLP_TIMEOUT": "10000", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "500", "OTEL_SERVICE_NAME": "own",
                "OTEL_RESOURCE_ATTRIBUTES": "service.name=other,deployment.environment=a%2Cb", "OTEL_TRACES_SAMPLER": "traceidratio",
                "OTEL_TRACES_SAMPLER_ARG": "0.5", "OTEL_BSP_MAX_QUEUE_SIZE": "100", "OTEL_EXPORTER_OTLP_CERTIFICATE": "/ca.pem",
                "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
            ]))
        #expect(tracing.headers.map { "\($0.name)=\($0.value.exposed)" } == ["authorization=Bearer x=", "a=b"])
        #expect(tracing.timeout == .milliseconds(500) && tracing.serviceName == "own" && tracing.caFile == "/ca.pem")
        #expect(tracing.attributes.map { "\($0.name)=\($0.value)" } == ["deployment.environment=a,b"])
        #expect(tracing.sampler == Sampler(name: "traceidratio", argument: 0.5) && tracing.queue == 100 && tracing.batch == 100)
    }

    @Test(arguments: [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://u:secret@a:1"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a:1/?key=secret"), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "a?key=secret"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_HEADERS", "secret"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=secret%0d%0ab"), ("OTEL_TRACES_SAMPLER", "sometimes"), ("OTEL_TRACES_SAMPLER_ARG", "2"),
        ("OTEL_SDK_DISABLED", "perhaps"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "0"), ("OTEL_RESOURCE_ATTRIBUTES", "a"),
    ])
    func aWrongOneIsAProblem(name: String, value: String) throws {
        #expect {
            try load(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:1"].merging([name: value]) { $1 })
        } throws: { error in
            let text = "\(error)"
            return text.contains("\(name): expected ") && !text.contains("secret@") && !text.contains("=secret")
                && !text.contains("\"secret")
        }
    }

    /// What is set for other programs on the machine stops nothing.
    @Test(arguments: [
        [:], ["OTEL_SDK_DISABLED": "1"], ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:1", "OTEL_SDK_DISABLED": "true"],
        ["OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317", "OTEL_SDK_DISABLED": "true"],
        ["OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317", "OTEL_TRACES_EXPORTER": "none"],
    ])
    func whereNothingIsTracedNothingElseIsJudged(_ off: [String: String]) throws {
        let foreign = [
            "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_TRACES_SAMPLER": "jaeger_remote", "OTEL_BSP_MAX_QUEUE_SIZE": "many",
            "OTEL_TRACES_EXPORTER": "zipkin",
        ]
        let tracing = try load(foreign.merging(off) { $1 })
        #expect(tracing == nil)
    }

    @Test func whatIsShownHasNoPath() throws {
        let tracing = try #require(try load(["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://c.example:4318/v1/secret"]))
        #expect(tracing.origin == "https://c.example:4318")
    }
}
