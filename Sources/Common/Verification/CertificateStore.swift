/// Certificates at hand, and those that are trusted to begin a chain. No URL is fetched here.
public struct CertificateStore: Sendable {
    /// PEM by the URL that it was fetched from.
    public var byURL: [String: String]
    /// PEM of each root.
    public var anchors: [String]

    public init(byURL: [String: String] = [:], anchors: [String] = []) {
        self.byURL = byURL
        self.anchors = anchors
    }

    func verify(
        _ signature: Bytes, _ rule: Scheme.CertificateRule, _ request: SignedRequest, secret: Bytes, parts: [ArraySlice<UInt8>],
        now: Timestamp
    ) throws(VerificationFailure) -> Bool {
        throw .certificate("certificate schemes are not built yet")
    }
}
