import Foundation

/// The URL as the provider called it.
public enum PublicURL {
    /// - Parameters:
    ///   - url: as nginx saw it.
    ///   - base: scheme, host and path that a proxy hides from nginx; nil where there is none.
    public static func of(_ url: String, base: String?) -> String {
        guard let base, let path = url.range(of: "://").flatMap({ url[$0.upperBound...].firstIndex(of: "/") }) else { return url }
        return base + url[path...]
    }
}
