/// A source's schemes with its tenants' keys made ready. A value; every turn has the same.
public struct Verifier: Sendable {
    private let schemes: [(scheme: SharedScheme, tenants: [TenantKeys])]
    private let secretDigests: [(tenant: TenantName, digest: Bytes)]
    public let tenants: [TenantName]

    /// - Parameter secrets: by tenant, every one; each counts within its window.
    public init(_ provider: Provider, secrets: [(tenant: TenantName, secrets: [ProviderSecret])]) throws(SecretError) {
        var schemes: [(SharedScheme, [TenantKeys])] = []
        for scheme in provider.schemes {
            var tenants: [TenantKeys] = []
            for (tenant, secrets) in secrets {
                var keys: [SecretKey] = []
                for own in secrets {
                    keys += try scheme.reliableKeys(from: own.secret.bytes).map {
                        SecretKey($0, window: own.window, fingerprint: own.fingerprint)
                    }
                }
                // SNS has no secret; naming a topic is the operator's own choice.
                if secrets.isEmpty, [.certificate(.sns), .none].contains(scheme.algorithm) { keys = [SecretKey(.text([]))] }
                tenants.append(TenantKeys(tenant: tenant, keys: keys))
            }
            schemes.append((SharedScheme(scheme), tenants))
        }
        self.schemes = schemes
        secretDigests = secrets.flatMap { tenant, secrets in secrets.map { (tenant, Crypto.sha256($0.secret.bytes)) } }
        tenants = secrets.map(\.tenant)
    }

    /// Whether the text is a secret, for tokens that a provider shows us.
    /// - Parameter tenant: whose; nil: any tenant's.
    public func holds(secret text: Bytes, of tenant: TenantName? = nil) -> Bool {
        let digest = Crypto.sha256(text)
        return secretDigests.reduce(false) { found, own in
            Crypto.equal(own.digest, digest) && (tenant == nil || own.tenant == tenant) || found
        }
    }

    /// Whose secret signed the request. Of several schemes the first counts whose signature is there at all.
    /// - Parameter tenant: the only one that may have signed; nil: any of the source's.
    public func verify(
        _ request: SignedRequest, tenant: TenantName? = nil, now: Timestamp, certificates: CertificateStore = CertificateStore()
    ) throws(VerificationFailure) -> Verified {
        var missing: VerificationFailure?
        for (scheme, tenants) in schemes {
            let candidates = tenant.map { name in tenants.filter { $0.tenant == name } } ?? tenants
            do throws(VerificationFailure) {
                return try scheme.prove(request, candidates: candidates, now: now, certificates: certificates)
            } catch {
                guard case .signatureMissing = error else { throw error }
                missing = missing ?? error
            }
        }
        throw missing ?? .signatureWrong
    }
}
