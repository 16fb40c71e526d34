import Testing

@testable import Common

/// What a verification came to, so that a table can hold it.
enum Verdict: Equatable, Sendable, CustomStringConvertible {
    case tenant(TenantName)
    case refused(VerificationFailure)

    var description: String {
        switch self {
        case .tenant(let tenant): "\(tenant)"
        case .refused(let failure): "\(failure)"
        }
    }
}

/// Tenants and their secrets, as the settings would give them.
func keys(_ tenants: [(TenantName, [String])], for scheme: Scheme = Provider.stripe.scheme) throws -> [TenantKeys] {
    try tenants.map { tenant, secrets in
        TenantKeys(tenant: tenant, keys: try secrets.flatMap { try scheme.keys(from: Bytes($0.utf8)).map { SecretKey($0) } })
    }
}

extension Provider {
    /// The one that a provider uses today.
    var scheme: Scheme { schemes[0] }
}

extension Scheme {
    func verdict(
        _ headers: [(String, String)], body: Bytes, method: String = "POST", url: String = "https://example.com/hook",
        candidates: [TenantKeys], now: Timestamp
    ) -> Verdict {
        do throws(VerificationFailure) {
            let request = SignedRequest(method: method, url: url, headers: HeaderFields(headers), body: body)
            return .tenant(try verify(request, candidates: candidates, now: now))
        } catch {
            return .refused(error)
        }
    }

    func signature(
        of body: Bytes, with secret: String, method: String = "POST", url: String = "https://example.com/hook", at now: Timestamp
    ) throws -> [(name: String, value: String)] {
        let request = SignedRequest(method: method, url: url, headers: HeaderFields(), body: body)
        return try #require(try sign(request, with: Bytes(secret.utf8), now: now))
    }
}
