/// Which traces are told to a collector: OTEL_TRACES_SAMPLER. The same for every program that sees the trace.
public struct Sampler: Sendable, Equatable {
    /// 0 to 1 of the traces that begin with us.
    var ratio = 1.0
    /// What the sender has decided counts before the ratio.
    var asksParent = true

    public init() {}

    /// - Parameters:
    ///   - name: as the specification of OpenTelemetry spells it.
    ///   - argument: of the ratio; 1 where it is nil.
    /// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration
    init?(name: String, argument: Double?) {
        let root = name.hasPrefix("parentbased_") ? String(name.dropFirst("parentbased_".count)) : name
        asksParent = root != name
        switch root {
        case "always_on": ratio = 1
        case "always_off": ratio = 0
        case "traceidratio": ratio = argument ?? 1
        default: return nil
        }
    }

    /// The same of an event, whose trace is looked at only where the answer depends on it.
    func samples(_ id: EventID, of event: NewEvent) -> Bool {
        if ratio >= 1, !asksParent || event.traceparent == nil { return true }
        return samples(EventTrace(eventID: id.description, requestID: event.requestID, traceparent: event.traceparent))
    }

    public func samples(_ trace: EventTrace) -> Bool {
        if asksParent, let parent = trace.parent { return parent.isSampled }
        guard ratio < 1 else { return true }
        // As OpenTelemetry's SDK for Go does it, so that who is asked elsewhere says the same.
        guard let low = UInt64(trace.traceID.suffix(16), radix: 16) else { return false }
        return Double(low >> 1) < ratio * 0x1p63
    }
}
