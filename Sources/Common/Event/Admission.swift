/// What came with a request and is kept with its events. Known before anything is verified.
public struct Arrival: Sendable {
    public let request: SignedRequest
    /// Without parameters, in lower case.
    public let mediaType: String
    public let receivedAt: Timestamp
    public let sourceIP: String?
    public let requestID: String
    /// The program or command that brings it in.
    public let createdBy: String

    public init(
        request: SignedRequest, mediaType: String, receivedAt: Timestamp, sourceIP: String?, requestID: String, createdBy: String
    ) {
        self.request = request
        self.mediaType = mediaType
        self.receivedAt = receivedAt
        self.sourceIP = sourceIP
        self.requestID = requestID
        self.createdBy = createdBy
    }

    func header(_ name: String) -> String? { request.headers.text(name) }
}

/// Why a verified request holds no event to store.
public enum AdmissionError: Error, Equatable, Sendable, CustomStringConvertible {
    case badJSON(JSONError)
    case tooManyEvents(Int)

    public var description: String {
        switch self {
        case .badJSON(let error): "the body is not JSON: \(error)"
        case .tooManyEvents(let count): "\(count) events in one post"
        }
    }
}

/// The door behind verification: from a request that is believed to the events that are to be stored. Ingest and `rejected reverify` go
/// through it alike. Reads no clock, file or database.
public final class Admission: Sendable {
    /// Events that one post may carry. HubSpot sends at most 100.
    static let mostEvents = 1000

    public let provider: Provider
    public let routes: [RouteOverride]

    /// Worked out once: both are asked for with every request.
    private let credentialHeaders: [String]
    private let claimsNonce: Bool
    private let privacy: SourcePrivacy
    private let hashKey: HMACKey?

    /// - Parameter hashKey: of hashes that stand in for people's data.
    public init(_ provider: Provider, routes: [RouteOverride], privacy: SourcePrivacy = SourcePrivacy(), hashKey: HMACKey? = nil) {
        self.provider = provider
        self.routes = routes
        self.privacy = privacy
        self.hashKey = hashKey
        credentialHeaders = provider.credentialHeaders
        claimsNonce = provider.claimsNonce
    }

    public func document(of arrival: Arrival) throws(AdmissionError) -> JSONDocument {
        do throws(JSONError) {
            return try provider.document(of: arrival.request.body, mediaType: arrival.mediaType)
        } catch {
            throw .badJSON(error)
        }
    }

    /// - Parameter document: of the same arrival.
    public func events(in document: JSONDocument, of arrival: Arrival, by verified: Verified) throws(AdmissionError) -> [NewEvent] {
        guard let events = provider.events(in: document) else { throw .badJSON(JSONError(fault: .unexpected, offset: 0)) }
        guard events.count <= Self.mostEvents else { throw .tooManyEvents(events.count) }
        let headers = arrival.request.headers.json(without: credentialHeaders)
        let traceparent = arrival.header("traceparent").flatMap { Traceparent($0) }?.description
        let nonceText = claimsNonce ? provider.nonceText(of: arrival.request) : nil
        let rules = privacy.rules(of: verified.tenant)
        let minimiser = Minimiser(rules, tenant: verified.tenant, key: hashKey)
        let stored = events.enumerated().map { place, event in
            newEvent(
                event, of: arrival, verified, headers, nonceText.map { nonce(verified.tenant, $0, place) },
                rawBody: provider.events == nil ? arrival.request.body : Bytes(event.raw), traceparent: traceparent)
        }
        guard let minimiser else { return stored }
        return zip(stored, events).map { minimise($0, $1, of: arrival, minimiser, rules.originalFor) }
    }

    /// Stored, and pushed, is what the rules leave. Id, type and time are read before: they are what the gateway works by.
    private func minimise(
        _ new: NewEvent, _ event: JSONValue, of arrival: Arrival, _ minimiser: Minimiser, _ originalFor: Duration?
    ) -> NewEvent {
        let json = minimiser.minimised(event)
        // A form becomes JSON, and has to say so.
        let isForm = provider.events == nil && provider.contentTypes[arrival.mediaType] ?? .json != .json
        let headers = isForm ? arrival.request.headers.replacing("content-type", by: "application/json") : nil
        let lane = (try? JSONDocument(json)).flatMap {
            provider.read($0.root, headers: arrival.request.headers, overrides: routes, receivedAt: arrival.receivedAt).lane
        }
        return new.minimised(
            to: json, lane: lane, headers: headers?.json(without: credentialHeaders),
            original: originalFor.map { .init(body: new.rawBody, until: arrival.receivedAt + $0) })
    }

    /// One event as it is stored, which came without a signature, from whom we asked or from a file of ours.
    public func event(_ event: JSONValue, of arrival: Arrival, tenant: TenantName) -> NewEvent {
        let nonceText = claimsNonce ? provider.nonceText(of: arrival.request) : nil
        let stored = newEvent(
            event, of: arrival, Verified(tenant: tenant, key: .text([]), fingerprint: ""),
            arrival.request.headers.json(without: credentialHeaders), nonceText.map { nonce(tenant, $0, 0) },
            rawBody: arrival.request.body, traceparent: nil)
        let rules = privacy.rules(of: tenant)
        guard let minimiser = Minimiser(rules, tenant: tenant, key: hashKey) else { return stored }
        return minimise(stored, event, of: arrival, minimiser, rules.originalFor)
    }

    private func newEvent(
        _ event: JSONValue, of arrival: Arrival, _ verified: Verified, _ headers: Bytes, _ nonce: Bytes?, rawBody: Bytes,
        traceparent: String?
    ) -> NewEvent {
        NewEvent(
            source: provider.source, tenant: verified.tenant,
            reading: provider.read(event, headers: arrival.request.headers, overrides: routes, receivedAt: arrival.receivedAt),
            receivedAt: arrival.receivedAt, sourceIP: arrival.sourceIP, userAgent: arrival.header("user-agent"),
            createdBy: arrival.createdBy, requestID: arrival.requestID, traceparent: traceparent, headers: headers,
            rawBody: rawBody, nonce: nonce, secret: verified.fingerprint.isEmpty ? nil : verified.fingerprint,
            state: provider.state(of: event, headers: arrival.request.headers)?.digest(source: provider.source, tenant: verified.tenant))
    }

    /// Source and tenant belong to it: the same body may honestly reach two tenants. So does the event's place in its post, or the first of
    /// several would make duplicates of the others.
    private func nonce(_ tenant: TenantName, _ text: Bytes, _ place: Int) -> Bytes {
        Crypto.sha256(Array("\(provider.source):\(tenant):\(place):".utf8) + text)
    }
}
