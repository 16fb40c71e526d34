import Foundation

extension Settings {
    /// Where spans go, from OpenTelemetry's own variables. Nil in the settings: nothing is traced, and that costs nothing.
    public struct Tracing: Sendable {
        public var url: String
        /// They may hold a token.
        public var headers: [(name: String, value: Secret)] = []
        /// From the start of an export to its end, 100 ms to 60 s.
        public var timeout: Duration = .seconds(2)
        public var sampler = Sampler()
        public var serviceName = "gatepost"
        public var attributes: [(name: String, value: String)] = []
        public var caFile: String?
        /// Spans that wait in memory, and in one export.
        public var queue = 2048
        public var batch = 512

        public init(url: String) { self.url = url }

        /// Scheme, host and port, to show: some collectors are given a key in the path.
        public var origin: String {
            guard var parts = URLComponents(string: url) else { return "" }
            (parts.path, parts.query, parts.fragment, parts.user, parts.password) = ("", nil, nil, nil, nil)
            return parts.string ?? ""
        }
    }
}

extension SettingsReader {
    /// https://opentelemetry.io/docs/specs/otel/protocol/exporter/ and …/specs/otel/configuration/sdk-environment-variables/
    mutating func readTracing(_ environment: inout Environment) {
        var reader = TracingReader(environment: environment)
        settings.tracing = reader.read()
        file.problems += reader.problems
        environment = reader.environment
    }
}

private struct TracingReader {
    var environment: Environment
    var problems: [SettingsProblem] = []

    mutating func read() -> Settings.Tracing? {
        let endpoint = readEndpoint()
        let aboutEndpoint = problems
        let isDisabled = value("OTEL_SDK_DISABLED", "true or false") { ["true": true, "false": false][$0.lowercased()] } ?? false
        let exporter = value("OTEL_TRACES_EXPORTER", "otlp or none") { ["otlp", "none"].contains($0) ? $0 : nil } ?? "otlp"
        var tracing = Settings.Tracing(url: endpoint ?? "")
        readTransport(&tracing)
        readResource(&tracing)
        if let sampler = readSampler() { tracing.sampler = sampler }
        if let count = number("OTEL_BSP_MAX_QUEUE_SIZE", 1...100_000) { tracing.queue = count }
        if let count = number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 1...10_000) { tracing.batch = count }
        tracing.batch = min(tracing.batch, tracing.queue)
        // What is off needs none of them: they may be meant for other programs.
        if isDisabled || exporter == "none" {
            problems = []
            return nil
        }
        if endpoint == nil { problems = aboutEndpoint }
        return endpoint == nil ? nil : tracing
    }

    private mutating func readEndpoint() -> String? {
        let words = "http://host:port or https://host, without user, query or fragment"
        let all = value("OTEL_EXPORTER_OTLP_ENDPOINT", words, quotes: false, Self.address).map { "\($0)/v1/traces" }
        return value("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", words, quotes: false, Self.address) ?? all
    }

    private mutating func readTransport(_ tracing: inout Settings.Tracing) {
        for name in ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] {
            _ = value(name, "http/json, the only one that is spoken here") { $0 == "http/json" ? $0 : nil }
        }
        for kind in ["", "TRACES_"] {
            if let list = value("OTEL_EXPORTER_OTLP_\(kind)HEADERS", "name=value,name=value", quotes: false, Self.headers) {
                tracing.headers = list.map { ($0.0, Secret($0.1)) }
            }
            if let time = number("OTEL_EXPORTER_OTLP_\(kind)TIMEOUT", 100...60_000) { tracing.timeout = .milliseconds(time) }
            if let path = environment.value("OTEL_EXPORTER_OTLP_\(kind)CERTIFICATE")?.value { tracing.caFile = path }
        }
    }

    private mutating func readResource(_ tracing: inout Settings.Tracing) {
        var attributes = value("OTEL_RESOURCE_ATTRIBUTES", "name=value,name=value", Self.pairs) ?? []
        if let place = attributes.lastIndex(where: { $0.0 == "service.name" }) {
            tracing.serviceName = attributes.remove(at: place).1
            attributes.removeAll { $0.0 == "service.name" }
        }
        if let name = environment.value("OTEL_SERVICE_NAME")?.value { tracing.serviceName = name }
        tracing.attributes = attributes.map { ($0.0, $0.1) }
    }

    private mutating func readSampler() -> Sampler? {
        let argument = value("OTEL_TRACES_SAMPLER_ARG", "a number from 0 to 1") { text in
            Double(text).flatMap { (0...1).contains($0) ? $0 : nil }
        }
        return value("OTEL_TRACES_SAMPLER", "always_on, always_off, traceidratio, or one of them after parentbased_") {
            Sampler(name: $0, argument: argument)
        }
    }

    private mutating func number(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        value(name, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// - Parameter quotes: whether a wrong value may be shown.
    private mutating func value<Value>(
        _ name: String, _ expected: String, quotes: Bool = true, _ parse: (String) -> Value?
    ) -> Value? {
        guard let (text, place, line) = environment.value(name) else { return nil }
        guard let value = parse(text) else {
            let found = quotes && !text.contains("@") ? ", found \"\(text)\"" : ""
            problems.append(.init(place: place, line: line, text: "\(name): expected \(expected)\(found)"))
            return nil
        }
        return value
    }

    /// A collector often stands in the same private network, where there is no TLS.
    private static func address(_ text: String) -> String? {
        guard let parts = URLComponents(string: text, encodingInvalidCharacters: false),
            ["http", "https"].contains(parts.scheme?.lowercased()), let host = parts.host, !host.isEmpty, parts.user == nil,
            parts.password == nil, parts.query == nil, parts.fragment == nil, (1...65_535).contains(parts.port ?? 443)
        else { return nil }
        return String(text.reversed().drop { $0 == "/" }.reversed())
    }

    /// `name=value` between commas, values percent-encoded (W3C Baggage without its properties).
    private static func pairs(_ text: String) -> [(String, String)]? {
        var pairs: [(String, String)] = []
        for item in text.split(separator: ",") {
            guard let sign = item.firstIndex(of: "=") else { return nil }
            let name = item[..<sign].trimmingCharacters(in: .whitespaces)
            let value = item[item.index(after: sign)...].trimmingCharacters(in: .whitespaces).removingPercentEncoding
            guard !name.isEmpty, let value else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }

    /// What goes into a header field must not end it.
    private static func headers(_ text: String) -> [(String, String)]? {
        guard let pairs = pairs(text) else { return nil }
        let isClean = pairs.allSatisfy { name, value in
            name.utf8.allSatisfy {
                ASCII.isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || (0x61...0x7A).contains(ASCII.lowercased($0))
            }
                && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        }
        return isClean ? pairs : nil
    }
}
