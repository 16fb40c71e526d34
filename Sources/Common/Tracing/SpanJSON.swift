/// OTLP's JSON: ids as hex digits, times and whole numbers as texts.
/// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
public enum SpanJSON {
    public static func request(_ spans: some Sequence<Span>, _ tracing: Settings.Tracing) -> Bytes {
        let resource =
            [("service.name", Span.Value.text(tracing.serviceName)), ("service.version", .text(Gatepost.version))]
            + tracing.attributes.map { ($0.name, .text($0.value)) }
        return object([
            (
                "resourceSpans",
                array([
                    object([
                        ("resource", object([("attributes", attributes(resource))])),
                        ("scopeSpans", array([object([("scope", scope), ("spans", array(spans.map(span)))])])),
                    ])
                ])
            )
        ])
    }

    private static var scope: Bytes { object([("name", text("gatepost")), ("version", text(Gatepost.version))]) }

    private static func span(_ span: Span) -> Bytes {
        var members: [(StaticString, Bytes)] = [("traceId", text(span.traceID)), ("spanId", text(span.id))]
        if let parent = span.parentID { members.append(("parentSpanId", text(parent))) }
        members += [
            ("name", text(span.name)), ("kind", Bytes(String(span.kind.rawValue).utf8)), ("startTimeUnixNano", text(String(span.start))),
            ("endTimeUnixNano", text(String(span.end))), ("attributes", attributes(span.attributes.map { ($0.name, $0.value) })),
        ]
        if !span.links.isEmpty {
            members.append(
                (
                    "links",
                    array(
                        span.links.prefix(Span.mostLinks).map { object([("traceId", text($0.traceID)), ("spanId", text($0.spanID))]) })
                ))
            if span.links.count > Span.mostLinks {
                members.append(("droppedLinksCount", Bytes(String(span.links.count - Span.mostLinks).utf8)))
            }
        }
        if let error = span.error { members.append(("status", object([("code", Bytes("2".utf8)), ("message", text(error))]))) }
        return object(members)
    }

    private static func attributes(_ list: [(String, Span.Value)]) -> Bytes {
        array(
            list.map { name, value in
                switch value {
                case .text(let string): object([("key", text(name)), ("value", object([("stringValue", text(string))]))])
                case .number(let number): object([("key", text(name)), ("value", object([("intValue", text(String(number)))]))])
                }
            })
    }

    private static func text(_ text: String) -> Bytes { JSONText.quoted(text) }

    private static func array(_ items: [Bytes]) -> Bytes {
        [UInt8(ascii: "[")] + items.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
    }

    private static func object(_ members: [(StaticString, Bytes)]) -> Bytes {
        let list = members.map { name, value in Bytes("\"\(name)\":".utf8) + value }
        return [UInt8(ascii: "{")] + list.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "}")]
    }
}
