import Foundation

@testable import Common

/// The forms of a URL, and which URLs are let through: what two readers could read differently is not.
enum URLFuzz {
    private static let rules = Catalogue.providers.flatMap(\.schemes).map(\.urlRule)

    static func check(_ input: Bytes) -> String? {
        let text = String(decoding: input, as: UTF8.self)
        for rule in rules {
            let once = SignedURL.text(of: text, rule)
            guard SignedURL.text(of: String(decoding: once, as: UTF8.self), rule).count <= once.count else {
                return "a second decoding makes more"
            }
        }
        let forms = SignedURL.withAndWithoutPort(text)
        guard (1...2).contains(forms.count) else { return "\(forms.count) forms with and without port" }
        guard SignedURL.contentfulPath(of: text).allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return "an encoded path with bare bytes"
        }
        return plivo(text) ?? certificate(input) ?? address(text)
    }

    /// The order of the query's pairs does not count.
    private static func plivo(_ text: String) -> String? {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let turned = "\(parts[0])?" + parts[1].split(separator: "&").reversed().joined(separator: "&")
        return SignedURL.plivo(text, hasFields: true) == SignedURL.plivo(turned, hasFields: true) ? nil : "the order of a query counts"
    }

    private static func certificate(_ input: Bytes) -> String? {
        guard let url = CertificateURL(input) else { return nil }
        guard let known = URLComponents(string: url.text) else { return "a certificate's URL that Foundation cannot read" }
        guard known.scheme == "https", known.host?.lowercased() == url.host, known.user == nil, known.password == nil,
            known.fragment == nil,
            known.port == nil || known.port == 443
        else { return "Foundation reads a certificate's URL otherwise" }
        if url.isSNS, !url.host.hasSuffix(".amazonaws.com"), !url.host.hasSuffix(".amazonaws.com.cn") { return "not Amazon's: \(url.host)" }
        return nil
    }

    private static func address(_ text: String) -> String? {
        guard let address = WebAddress(text) else { return nil }
        guard WebAddress(address.text) == address else { return "an address that is another when it is read again" }
        let authority = address.text.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2).first ?? ""
        guard address.text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !address.text.hasSuffix("/"), !authority.contains("@") else {
            return "an address with what none has"
        }
        return nil
    }
}
