/// A kept request that verification refused.
public struct Rejection: Sendable {
    /// What such a row of webhook_event has for a type: nothing of it is believed, so nothing of it is read.
    public static let eventType = "unverified"

    public enum Outcome: String, Sendable { case admitted, duplicate }

    public let sequence: Int64
    public let id: String
    public let source: String
    /// Whom the address named; nil: nobody.
    public let tenant: TenantName?
    public let receivedAt: Timestamp
    public let reason: String
    public let explanation: String
    public let address: String?
    public let requestID: String
    /// Of body and header.
    public let bytes: Int
    /// How many of its source were not kept since the one before.
    public let missed: Int
    /// What it became by now; nil: it is rejected still.
    public let outcome: Outcome?
    public let settledAt: Timestamp?
    public let eventIDs: [String]
}

/// One with all that it takes to judge it again.
public struct StoredRejection: Sendable {
    public let rejection: Rejection
    public let method: String
    /// As nginx saw it.
    public let url: String
    public let headers: HeaderFields
    public let body: Bytes

    /// - Parameters:
    ///   - publicURL: as the settings have it today.
    ///   - createdBy: who brings it in now.
    public func arrival(publicURL: String?, createdBy: String) -> Arrival {
        let type = headers.values(of: "content-type").first.map { MediaType.name(of: String(decoding: $0, as: UTF8.self)) } ?? ""
        return Arrival(
            request: SignedRequest(method: method, url: PublicURL.of(url, base: publicURL), headers: headers, body: body),
            mediaType: type, receivedAt: rejection.receivedAt, sourceIP: rejection.address, requestID: rejection.requestID,
            createdBy: createdBy)
    }
}
