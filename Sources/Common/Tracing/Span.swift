/// One piece of work in a trace. Never holds a payload, a header or a secret.
public struct Span: Sendable {
    /// OTLP's numbers.
    public enum Kind: Int, Sendable { case inner = 1, server = 2, client = 3, producer = 4, consumer = 5 }

    public enum Value: Sendable, Equatable {
        case text(String)
        case number(Int64)
    }

    public struct Link: Sendable, Hashable {
        public let traceID, spanID: String

        public init(traceID: String, spanID: String) {
            self.traceID = traceID
            self.spanID = spanID
        }
    }

    public let traceID, id: String
    public let parentID: String?
    public let name: String
    public let kind: Kind
    /// ns since 1970.
    public let start, end: Int64
    public var attributes: [(name: String, value: Value)] = []
    public var links: [Link] = []
    /// Why it failed; nil where it did not.
    public var error: String?

    /// As OpenTelemetry's SDKs bound them.
    static let mostLinks = 128

    public init(traceID: String, id: String, parentID: String?, name: String, kind: Kind, start: Int64, end: Int64) {
        self.traceID = traceID
        self.id = id
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.start = start
        self.end = max(start, end)
    }
}
