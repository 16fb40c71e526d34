/// Judges rejected requests again by today's settings, each at the time of its arrival. Reads no clock, file or database.
public struct Reverification: Sendable {
    public enum Verdict: Sendable {
        case admit([NewEvent])
        case refused(VerificationFailure)
        /// A handshake: its sender waits for the answer no more.
        case notAnEvent
        /// Verified, and no event in it all the same.
        case unreadable(AdmissionError)
        case noSuchSource
        /// The source takes requests from other addresses alone.
        case addressNotAllowed
        /// Nothing in it says whose it is.
        case noTenant
    }

    private struct Source {
        let admission: Admission
        let verifier: Verifier
        let allowed: [AddressRange]
    }

    private let sources: [String: Source]
    private let publicURL: String?
    private let clockWasBehind: Duration

    /// - Parameters:
    ///   - now: decides which secrets count. Signed times are judged as of the arrival.
    ///   - clockWasBehind: by how much this machine's clock was wrong when the requests came; negative: it was ahead.
    public init(_ settings: Settings, now: Timestamp, clockWasBehind: Duration = .zero) throws(SecretError) {
        var sources: [String: Source] = [:]
        for (name, source) in settings.sources {
            let verifier = try Verifier(source.provider, secrets: Self.active(source, now))
            sources[name.description] = Source(
                admission: Admission(
                    source.provider, routes: source.routes, privacy: source.privacy, hashKey: settings.hashKey), verifier: verifier,
                allowed: source.allowed)
        }
        self.sources = sources
        publicURL = settings.publicURL
        self.clockWasBehind = clockWasBehind
    }

    /// Of every tenant the secrets that count now, as if they had always counted.
    private static func active(_ source: Settings.Source, _ now: Timestamp) -> [(tenant: TenantName, secrets: [ProviderSecret])] {
        source.secrets.compactMap { tenant, secrets in
            let active = secrets.filter { $0.window.contains(now) }.map { ProviderSecret($0.secret, place: $0.place) }
            // No secret at all would mean that none is needed.
            return active.isEmpty && !secrets.isEmpty ? nil : (tenant, active)
        }
    }

    /// - Parameter certificates: those at hand for the request, where its scheme wants any.
    public func judge(
        _ stored: StoredRejection, certificates: (Provider, SignedRequest) -> CertificateStore = { _, _ in CertificateStore() }
    ) -> Verdict {
        guard let source = sources[stored.rejection.source] else { return .noSuchSource }
        let (admission, verifier) = (source.admission, source.verifier)
        let address = stored.rejection.address ?? ""
        guard source.allowed.isEmpty || source.allowed.contains(where: { $0.contains(address) }) else { return .addressNotAllowed }
        guard !admission.provider.provesNothing || stored.rejection.tenant != nil || verifier.tenants.count == 1 else { return .noTenant }
        let arrival = stored.arrival(publicURL: publicURL, createdBy: "reverify")
        let verified: Verified
        do throws(VerificationFailure) {
            let moment = arrival.receivedAt + clockWasBehind
            verified = try verifier.verify(
                arrival.request, tenant: stored.rejection.tenant, now: moment,
                certificates: certificates(admission.provider, arrival.request))
        } catch {
            return .refused(error)
        }
        do throws(AdmissionError) {
            let document = try admission.document(of: arrival)
            guard !admission.provider.isHandshake(document) else { return .notAnEvent }
            let events = try admission.events(in: document, of: arrival, by: verified)
            return events.isEmpty ? .notAnEvent : .admit(events)
        } catch {
            return .unreadable(error)
        }
    }
}
