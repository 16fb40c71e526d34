/// Everything an operator decides, read once and checked. Holds secrets, which print as `…`.
public struct Settings: Sendable {
    /// Path of the event store.
    public var database = "/var/lib/gatepost/gatepost.db"
    /// The base URL that providers call, where a proxy hides it from nginx; no slash at its end. Schemes that sign the URL need it.
    public var publicURL: String?
    public var ingest = Ingest()
    public var worker = Worker()
    /// How long events that nothing is to be done with any more stay in the store; nil: for ever. 1 h to 10 years.
    public var retention: Purge.Rule?
    public var rejected = Rejected()
    public var encryption = Encryption()
    /// The store's, for hashes of people's data; whoever opens the store gives it.
    public var hashKey: HMACKey?
    public var alerts = Alerts()
    public var tracing: Tracing?
    /// Every source that can be named, with what the settings file says of it.
    public var providers = Providers.catalogue
    /// The sources that somebody can send to: those with a secret, and those that need none and name their tenants.
    public var sources: [SourceName: Source] = [:]
    /// What the file says of sources without any; a secret may be learned.
    public var idleSources: [SourceName: Source] = [:]
    public var tenants: [TenantName: Tenant] = [:]
    /// PEM of the authorities that providers' certificates must lead to.
    public var trustAnchors = TrustAnchors.systemPath

    public var origins = SettingsOrigins()
    /// `NAME__TENANT` in the environment or among the credentials, of no tenant that there is.
    public var strayVariables: [String] = []

    public struct Ingest: Sendable, Equatable {
        /// Largest body in bytes, 1 KiB to 64 MiB; a source may have its own.
        public var bodyLimit = 512 * 1024
        /// Threads that each read, commit and answer in turns, 1 to 16. Commits go one after another: of several, each would have its share
        /// of the events and wait for the disk as long.
        public var turns = 1
        /// Requests that may wait at one time, 8 to 10,000. Beyond it the answer is 503 at once. Idle kept connections do not count.
        public var maxWaiting = 512
        /// Bytes that must stay free on the store's disk, 0 to 1 TiB. Below it the answer is 503.
        public var freeSpaceFloor = 64 * 1024 * 1024
    }

    public struct Worker: Sendable, Equatable {
        /// Items in one request to WordPress, 1 to 100.
        public var batchSize = 100
        /// Requests at one time to one WordPress, 1 to 32.
        public var connections = 2
        /// How long claimed rows are ours; longer than `timeout`. 5 s to 1 h.
        public var lease: Duration = .seconds(45)
        /// 1 to 60 s.
        public var connectTimeout: Duration = .seconds(5)
        /// For a whole request, 1 s to 10 min.
        public var timeout: Duration = .seconds(30)
        /// Tries before an event goes to the dead letters, 1 to 20.
        public var tries = 5
        /// When no more requests go to a WordPress that is ill.
        public var circuit = CircuitPolicy()
        public var backoff = Backoff()
    }

    public struct Source: Sendable {
        public let provider: Provider
        public var bodyLimit: Int
        /// Counted before the catalogue's mappings, in the order written.
        public var routes: [RouteOverride] = []
        /// By tenant in order of name; a tenant's secrets in the order written.
        public var secrets: [(tenant: TenantName, secrets: [ProviderSecret])] = []
        /// The only addresses that may send; empty: any.
        public var allowed: [AddressRange] = []
        public var privacy = SourcePrivacy()
    }

    public struct Tenant: Sendable {
        public var wordpress: WordPress?
        public var delivery = Delivery()
        /// By source: how its provider is asked for what it sent.
        public var apis: [SourceName: ProviderAPI] = [:]

        /// Nil where it would refuse us for want of any credential: that is mended here, and no event's fault.
        public var usableWordPress: WordPress? { wordpress.flatMap { $0.hasCredential ? $0 : nil } }
    }

    /// How to reach and convince one WordPress.
    public struct WordPress: Sendable, Equatable {
        /// Scheme, host and path; no slash at its end.
        public var baseURL: String
        public var user: String?
        public var appPassword: Secret?
        public var token: Secret?
        public var sharedSecret: Secret?
        /// Tried where WordPress refuses `sharedSecret`, so that the two may be changed at different times.
        public var nextSecret: Secret?
        public var auth = Auth.applicationPassword
        /// Signs JSON Web Tokens instead of the shared secret.
        public var signingKey: SigningKey?
        /// Of what signs a token, where somebody gave it one in the plugin.
        public var keyID: String?
        /// Certificates of those who may vouch for it, instead of the system's. PEM.
        public var caFile: String?

        /// What goes into `Authorization`. The body is signed wherever there is a shared secret.
        public enum Auth: String, Sendable, CaseIterable {
            /// Or the token, where there is no password.
            case applicationPassword = "application-password"
            /// Nothing: the signature is enough.
            case hmac
            /// A token of two minutes, signed with a key of its own or the shared secret.
            case jwt
        }

        public var hasCredential: Bool {
            switch auth {
            case .applicationPassword: user != nil && appPassword != nil || token != nil || sharedSecret != nil
            case .hmac: sharedSecret != nil
            case .jwt: signingKey != nil || sharedSecret != nil
            }
        }
    }

    public init() {}
}
