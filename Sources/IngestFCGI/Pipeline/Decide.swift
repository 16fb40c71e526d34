import Common

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
        let url = source.signsURL ? PublicURL.of(head.url, base: publicURL) : ""
        let request = SignedRequest(method: head.method, url: url, headers: head.headers, body: body)
        if let reply = answerUnsigned(request, source) { return .reply(reply) }
        let verified = try verify(request, source.verifier, named, now, certificates)
        let admission = source.admission
        let arrival = Arrival(
            request: request, mediaType: head.mediaType, receivedAt: now, sourceIP: head.remoteAddress, requestID: head.requestID,
            createdBy: NewEvent.byWebhook)
        do throws(AdmissionError) {
            let document = try admission.document(of: arrival)
            if let reply = answerSigned(document, source, key: verified.key) { return .reply(reply) }
            let events = try admission.events(in: document, of: arrival, by: verified)
            return .store(events, acknowledgement: source.provider.answer)
        } catch {
            throw Refusal(error)
        }
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
}

extension Refusal {
    fileprivate init(_ error: AdmissionError) {
        switch error {
        case .badJSON(let error): self = .badJSON(error)
        case .tooManyEvents(let count): self = .tooManyEvents(count)
        }
    }
}
