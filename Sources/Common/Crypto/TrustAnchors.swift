import Foundation

/// The authorities that this machine trusts: one PEM text each.
public struct TrustAnchors: Sendable, Equatable {
    public let pems: [String]

    /// Debian's, from the package ca-certificates.
    public static let systemPath = "/etc/ssl/certs/ca-certificates.crt"

    public init(bundle: String) {
        let end = "-----END CERTIFICATE-----"
        pems = bundle.components(separatedBy: end).dropLast().compactMap { text in
            text.range(of: "-----BEGIN CERTIFICATE-----").map { String(text[$0.lowerBound...]) + end + "\n" }
        }
    }

    /// None where the file cannot be read.
    public init(path: String) {
        self.init(bundle: FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? "")
    }
}

extension Scheme.CertificateRule {
    /// What is wrong with a PEM text that came from one of its URLs; nil where the provider may sign with it now.
    public func fault(ofPEM pem: String, trusting anchors: TrustAnchors, now: Timestamp) -> String? {
        do throws(VerificationFailure) {
            _ = try certificate(inPEM: pem, anchors: needsChain ? anchors.pems : [], now: now)
            return nil
        } catch {
            guard case .certificate(let reason) = error else { return "it cannot be read" }
            return reason
        }
    }

    /// The certificate's own end; nil where there is none.
    public func end(ofPEM pem: String) -> Timestamp? { Certificate.all(inPEM: pem).first?.end }

    /// Of all authorities those that this certificate leads to, so that a request need not be tried against a hundred. Where there is
    /// none, one that does not fit, which says so in OpenSSL's words.
    public func narrow(_ anchors: TrustAnchors, to pem: String, now: Timestamp) -> [String] {
        guard needsChain else { return [] }
        let chain = Certificate.all(inPEM: pem)
        guard let leaf = chain.first else { return [] }
        let fitting = anchors.pems.filter {
            leaf.chainFault(through: Array(chain.dropFirst()), to: Certificate.all(inPEM: $0), at: now) == nil
        }
        return fitting.isEmpty ? Array(anchors.pems.prefix(1)) : fitting
    }
}
