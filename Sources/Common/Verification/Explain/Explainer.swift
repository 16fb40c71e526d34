/// Says why a request does not verify, by changing one thing after another and verifying again. Reads no clock, file or database; its work
/// is bounded, see `Trials`. What it says is for the operator: it tells which secret fits, so a stranger must never hear it.
public struct Explainer: Sendable {
    let provider: Provider
    /// Whom the address named; nil: any of the source's.
    let tenant: TenantName?
    let secrets: [KnownSecret]
    let certificates: CertificateStore

    /// - Parameter secrets: of every source: the request may be another's.
    public init(
        _ provider: Provider, tenant: TenantName?, secrets: [KnownSecret], certificates: CertificateStore = CertificateStore()
    ) {
        self.provider = provider
        self.tenant = tenant
        self.secrets = secrets
        self.certificates = certificates
    }

    /// - Parameters:
    ///   - underscored: header names that came with underscores, as they were written.
    ///   - now: when it came.
    public func explain(_ request: SignedRequest, underscored: [String] = [], now: Timestamp) -> Explanation {
        let verdict = verdict(on: request, now: now)
        guard case .failure(let failure) = verdict else {
            return Explanation(verdict: verdict, findings: [], tried: [], trials: 0, isCut: false)
        }
        var search = ExplainerSearch(self, request, Trials(certificates: certificates, now: now))
        search.run(failure)
        let hints = RequestHints(explainer: self, request: request, underscored: underscored, now: now).findings(failure)
        let causes = search.cause.map { [$0] } ?? []
        let isExplained = search.cause != nil || hints.contains(where: \.isCause)
        let rest = hints.filter {
            $0.tag == "secrets_tried" ? !isExplained : $0.tag != "time_off" || search.cause?.tag != "clock_off"
        }
        return Explanation(
            verdict: verdict, findings: causes + rest.filter(\.isCause) + rest.filter { !$0.isCause }, tried: search.tried,
            trials: search.trials.count, isCut: search.trials.isCut)
    }

    /// What ingest would say; a secret that cannot be read is left out, and `RequestHints` says so.
    private func verdict(on request: SignedRequest, now: Timestamp) -> Result<TenantName, VerificationFailure> {
        var byTenant: [TenantName: [Secret]] = [:]
        for known in secrets where known.source == provider.source && known.standing == .active && provider.takes(known.secret) {
            byTenant[known.tenant, default: []].append(known.secret)
        }
        let ordered = byTenant.sorted { $0.key < $1.key }.map { (tenant: $0.key, secrets: $0.value.map { ProviderSecret($0) }) }
        guard let verifier = try? Verifier(provider, secrets: ordered) else { return .failure(.signatureWrong) }
        do throws(VerificationFailure) {
            return .success(try verifier.verify(request, tenant: tenant, now: now, certificates: certificates).tenant)
        } catch {
            return .failure(error)
        }
    }

    /// Those that count for this request.
    var own: [KnownSecret] {
        secrets.filter { $0.source == provider.source && $0.standing == .active && (tenant == nil || $0.tenant == tenant) }
    }
}

extension Provider {
    func takes(_ secret: Secret) -> Bool { schemes.allSatisfy { (try? $0.keys(from: secret.bytes)) != nil } }
}
