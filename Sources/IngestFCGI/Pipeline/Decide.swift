import Common
import Foundation

/// Events that one post may carry. HubSpot sends at most 100.
private let mostEvents = 1000

/// What becomes of a post.
enum Decision {
    /// To be stored; then the provider hears `acknowledgement`, or our own answer where it is nil.
    case store([NewEvent], acknowledgement: Acknowledgement?)
    /// No event: a handshake.
    case reply(Reply)
}

extension Gateway {
    /// Steps 3 to 6 of the guide: from a whole request to the events that are to be stored. Reads no clock, file or database.
    func decide(
        _ head: RequestHead, body: Bytes, source: Source, tenant named: TenantName?, now: Timestamp,
        certificates: CertificateStore = CertificateStore()
    ) throws(Refusal) -> Decision {
        let request = SignedRequest(method: head.method, url: signedURL(of: head), headers: head.headers, body: body)
        if let reply = answerUnsigned(request, source) { return .reply(reply) }
        let verified = try verify(request, source.verifier, named, now, certificates)
        let tenant = verified.tenant
        let document = try parse(body, head.mediaType, source.provider)
        if let reply = answerSigned(document, source, key: verified.key) { return .reply(reply) }
        guard let events = source.provider.events(in: document) else {
            throw .badJSON(JSONError(fault: .unexpected, offset: 0))
        }
        guard events.count <= mostEvents else { throw .tooManyEvents(events.count) }
        let headers = head.headers.json(without: source.provider.credentialHeaders)
        let nonceText = source.provider.claimsNonce ? source.provider.nonceText(of: request) : nil
        let stored = events.enumerated().map { place, event in
            NewEvent(
                source: source.provider.source, tenant: tenant,
                reading: source.provider.read(event, headers: head.headers, overrides: source.routes, receivedAt: now),
                receivedAt: now, sourceIP: head.remoteAddress, userAgent: head.userAgent, createdBy: "ingest",
                requestID: head.requestID, traceparent: head.traceparent, headers: headers,
                rawBody: source.provider.events == nil ? body : Bytes(event.raw),
                nonce: nonceText.map { Self.nonce(source.provider.source, tenant, $0, place) },
                secret: verified.fingerprint.isEmpty ? nil : verified.fingerprint)
        }
        return .store(stored, acknowledgement: source.provider.answer)
    }

    private func verify(
        _ request: SignedRequest, _ verifier: Verifier, _ tenant: TenantName?, _ now: Timestamp,
        _ certificates: CertificateStore
    ) throws(Refusal) -> Verified {
        do throws(VerificationFailure) {
            return try verifier.verify(request, tenant: tenant, now: now, certificates: certificates)
        } catch {
            throw .notVerified(error)
        }
    }

    private func parse(_ body: Bytes, _ mediaType: String, _ provider: Provider) throws(Refusal) -> JSONDocument {
        do throws(JSONError) { return try provider.document(of: body, mediaType: mediaType) } catch { throw .badJSON(error) }
    }

    /// The URL as the provider called it.
    private func signedURL(of head: RequestHead) -> String {
        guard let publicURL, let path = head.url.range(of: "://").flatMap({ head.url[$0.upperBound...].firstIndex(of: "/") }) else {
            return head.url
        }
        return publicURL + head.url[path...]
    }

    /// Source and tenant belong to it: the same body may honestly reach two tenants. So does the event's place in its post, or the first of
    /// several would make duplicates of the others.
    private static func nonce(_ source: SourceName, _ tenant: TenantName, _ text: Bytes, _ place: Int) -> Bytes {
        Crypto.sha256(Array("\(source):\(tenant):\(place):".utf8) + text)
    }
}
