/// How much the explainer may compute. A sender decides how long a body is and how often it is worth trying.
struct Trials {
    static let most = 4000
    static let mostBytes = 512 << 20

    private(set) var count = 0
    private(set) var isCut = false
    private var bytes = 0
    private let certificates: CertificateStore
    private let now: Timestamp

    init(certificates: CertificateStore, now: Timestamp) {
        self.certificates = certificates
        self.now = now
    }

    /// Whether a scheme believes the request with that secret, whatever time it was signed at.
    mutating func verifies(_ request: SignedRequest, _ scheme: Scheme, _ secret: Bytes) -> Bool {
        guard count < Self.most, bytes + request.body.count <= Self.mostBytes else {
            isCut = true
            return false
        }
        count += 1
        bytes += request.body.count
        guard let keys = try? scheme.keys(from: secret), let tenant = TenantName("trial") else { return false }
        let candidates = [TenantKeys(tenant: tenant, keys: keys.map { SecretKey($0) })]
        return (try? SharedScheme(scheme.atAnyTime).prove(request, candidates: candidates, now: now, certificates: certificates)) != nil
    }
}

extension Scheme {
    /// The same without a limit on the signed time.
    fileprivate var atAnyTime: Scheme {
        var scheme = self
        scheme.timestamp?.tolerance = .seconds(1_000_000_000_000)
        return scheme
    }
}
