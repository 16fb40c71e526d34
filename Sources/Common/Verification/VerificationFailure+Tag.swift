extension VerificationFailure {
    /// A word for it, the same as in ingest's log.
    public var tag: String {
        switch self {
        case .signatureMissing(let place): "signature_missing: \(place)"
        case .headerUnreadable(let header): "header_unreadable: \(header)"
        case .timestampMissing(let place): "timestamp_missing: \(place)"
        case .timestampOff(let milliseconds): "timestamp_off: by \(milliseconds / 1000) s"
        case .signatureWrong: "signature_wrong"
        case .bodyUnreadable: "body_unreadable"
        case .certificate(let reason): "certificate: \(reason)"
        case .certificateWanted: "certificate: none at hand for its URL"
        }
    }
}
