import Common

/// What requests are judged by: the sources with their keys made ready. A value; every turn has the same.
struct Gateway: Sendable {
    struct Source: Sendable {
        let provider: Provider
        let bodyLimit: Int
        let routes: [RouteOverride]
        let keys: [TenantKeys]
    }

    let sources: [SourceName: Source]
    /// Where a proxy hides it from nginx.
    let publicURL: String?

    init(_ settings: Settings) throws(CryptoError) {
        var sources: [SourceName: Source] = [:]
        for (name, source) in settings.sources {
            var keys: [TenantKeys] = []
            for (tenant, secrets) in source.secrets {
                var ready: [HMACKey] = []
                for secret in secrets { ready.append(try HMACKey(secret.bytes, hash: source.provider.scheme.hash)) }
                keys.append(TenantKeys(tenant: tenant, keys: ready))
            }
            sources[name] = Source(provider: source.provider, bodyLimit: source.bodyLimit, routes: source.routes, keys: keys)
        }
        self.sources = sources
        publicURL = settings.publicURL
    }
}

/// Where a request goes, known before its body is read.
enum Destination {
    case health
    /// - candidates: the tenants whose secrets may have signed it.
    case webhook(Gateway.Source, candidates: [TenantKeys])
}

extension Gateway {
    /// Steps 1 and 2 of the guide, as far as the head tells: path, method, length, media type. Costs no body and no key.
    func admit(_ head: RequestHead) throws(Refusal) -> Destination {
        if head.path == "/healthz" {
            guard head.method == "GET" || head.method == "HEAD" else { throw .method(head.method, allowed: "GET, HEAD") }
            return .health
        }
        let (source, candidates) = try route(head)
        guard head.method == "POST" else { throw .method(head.method, allowed: "POST") }
        guard !head.isOverlong else { throw .headerUnreadable("more or longer fields than we take") }
        guard let length = head.contentLength else { throw .headerUnreadable("Content-Length") }
        guard length <= source.bodyLimit else { throw .bodyTooLarge(limit: source.bodyLimit) }
        guard source.provider.contentTypes.contains(head.mediaType) else { throw .mediaType(head.mediaType) }
        guard length > 0 else { throw .emptyBody }
        return .webhook(source, candidates: candidates)
    }

    /// `/api/webhooks/{source}[/{tenant}][/ingest]`. nginx's tenant counts before the path's.
    private func route(_ head: RequestHead) throws(Refusal) -> (Source, [TenantKeys]) {
        var parts = head.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard parts.popFirst() == "api", parts.popFirst() == "webhooks", let name = parts.popFirst() else { throw .unknownPath }
        guard let source = SourceName(name).flatMap({ sources[$0] }) else { throw .unknownSource(String(name)) }
        if parts.last == "ingest" { parts.removeLast() }
        guard parts.count <= 1 else { throw .unknownPath }
        guard let tenant = head.tenant ?? parts.first.map(String.init) else { return (source, source.keys) }
        let keys = source.keys.filter { $0.tenant.description == tenant }
        guard !keys.isEmpty else { throw .unknownTenant(tenant) }
        return (source, keys)
    }
}
