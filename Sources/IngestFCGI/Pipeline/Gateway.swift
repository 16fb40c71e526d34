import Common

/// What requests are judged by: the sources with their keys made ready. A value; every turn has the same.
struct Gateway: Sendable {
    /// Shared, not copied: a request passes it on from hand to hand.
    final class Source: Sendable {
        let admission: Admission
        let bodyLimit: Int
        /// Empty: any address.
        let allowed: [AddressRange]
        let verifier: Verifier
        let braintree: [BraintreeKey]

        // Of the provider, worked out once: a request asks for each, and an entry of the catalogue is too much to copy for it.
        let mediaTypes: Set<String>
        let handsOverItsSecret: Bool
        let hasCertificates: Bool
        let signsURL: Bool

        var provider: Provider { _read { yield admission.provider } }

        init(
            provider: Provider, bodyLimit: Int, routes: [RouteOverride], allowed: [AddressRange], verifier: Verifier,
            braintree: [BraintreeKey], privacy: SourcePrivacy = SourcePrivacy(), hashKey: HMACKey? = nil
        ) {
            admission = Admission(provider, routes: routes, privacy: privacy, hashKey: hashKey)
            self.bodyLimit = bodyLimit
            self.allowed = allowed
            self.verifier = verifier
            self.braintree = braintree
            mediaTypes = Set(provider.contentTypes.keys)
            handsOverItsSecret = provider.handsOverItsSecret
            hasCertificates = provider.certificateScheme != nil
            signsURL = provider.schemes.contains(where: \.signsURL)
        }
    }

    /// Whose request a path makes it.
    typealias Way = (source: Source, tenant: TenantName?)

    let sources: [SourceName: Source]
    /// The paths that a provider calls as a rule: with each tenant's name or without any, `/ingest` behind it or not.
    private let ways: [String: Way]
    /// Where a proxy hides it from nginx.
    let publicURL: String?

    init(_ settings: Settings) throws(SecretError) {
        var sources: [SourceName: Source] = [:]
        for (name, source) in settings.sources {
            sources[name] = Source(
                provider: source.provider, bodyLimit: source.bodyLimit, routes: source.routes, allowed: source.allowed,
                verifier: try Verifier(source.provider, secrets: source.secrets), braintree: try BraintreeKey.all(source),
                privacy: source.privacy, hashKey: settings.hashKey)
        }
        self.sources = sources
        ways = Self.ways(to: sources)
        publicURL = settings.publicURL
    }
}

extension Gateway {
    private static func ways(to sources: [SourceName: Source]) -> [String: Way] {
        var ways: [String: Way] = [:]
        for (name, source) in sources {
            for tenant in [nil] + source.verifier.tenants.map(Optional.init) {
                guard tenant != nil || !source.isAmbiguous else { continue }
                let path = "/api/webhooks/\(name)" + (tenant.map { "/\($0)" } ?? "")
                // A tenant called `ingest` is nobody's way: the path names none then.
                if tenant?.description != "ingest" { ways[path] = (source, tenant) }
                ways[path + "/ingest"] = (source, tenant)
            }
        }
        return ways
    }
}

extension Gateway.Source {
    /// Nothing tells its tenants apart but their names: without one, the first would get what was meant for another.
    fileprivate var isAmbiguous: Bool { provider.provesNothing && verifier.tenants.count != 1 }
}

/// Where a request goes, known before its body is read.
enum Destination {
    case health
    case handshake(Reply)
    /// The provider hands its secret over in a header field.
    case secret(Gateway.Source, tenant: TenantName?, HandedSecret)
    /// - tenant: the only one that may have signed it; nil: any of the source's.
    case webhook(Gateway.Source, tenant: TenantName?)
}

extension Gateway {
    /// Steps 1 and 2 of the guide, as far as the head tells: path, method, length, media type. Costs no body and no key.
    func admit(_ head: RequestHead) throws(Refusal) -> Destination {
        if head.path == "/healthz" {
            guard head.method == "GET" || head.method == "HEAD" else { throw .method(head.method, allowed: "GET, HEAD") }
            return .health
        }
        let (source, tenant) = try route(head)
        if !source.allowed.isEmpty { try admit(address: head.remoteAddress, to: source) }
        if head.method == "GET" || head.method == "HEAD", let reply = greet(head, source, tenant) { return .handshake(reply) }
        guard head.method == "POST" else { throw .method(head.method, allowed: "POST") }
        guard !head.isOverlong else { throw .headerUnreadable("more or longer fields than we take") }
        if source.handsOverItsSecret, let handed = HandedSecret(in: head, to: source.provider) {
            return .secret(source, tenant: tenant, handed)
        }
        guard let length = head.contentLength else { throw .headerUnreadable("Content-Length") }
        guard length <= source.bodyLimit else { throw .bodyTooLarge(limit: source.bodyLimit) }
        guard source.mediaTypes.contains(head.mediaType) || source.provider.takesPing(head.mediaType) else {
            throw .mediaType(head.mediaType)
        }
        guard length > 0 else { throw .emptyBody }
        return .webhook(source, tenant: tenant)
    }

    private func admit(address: String?, to source: Source) throws(Refusal) {
        guard let address, source.allowed.contains(where: { $0.contains(address) }) else { throw .address(address ?? "unknown") }
    }

    /// `/api/webhooks/{source}[/{tenant}][/ingest]`. nginx's tenant counts before the path's.
    private func route(_ head: RequestHead) throws(Refusal) -> Way {
        if head.tenant == nil, let way = ways[head.path] { return way }
        var parts = head.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard parts.popFirst() == "api", parts.popFirst() == "webhooks", let name = parts.popFirst() else { throw .unknownPath }
        guard let source = SourceName(name).flatMap({ sources[$0] }) else { throw .unknownSource(String(name)) }
        if parts.last == "ingest" { parts.removeLast() }
        guard parts.count <= 1 else { throw .unknownPath }
        guard let tenant = head.tenant ?? parts.first.map(String.init) else {
            guard !source.isAmbiguous else { throw .unknownTenant("") }
            return (source, nil)
        }
        guard let known = source.verifier.tenants.first(where: { $0.description == tenant }) else { throw .unknownTenant(tenant) }
        return (source, known)
    }
}

extension Gateway {
    /// Of who asked: whether a refusal is to have no body.
    func refusesBare(_ head: RequestHead) -> Bool {
        head.source.flatMap { SourceName($0) }.flatMap { sources[$0] }?.provider.refusesBare == true
    }
}
