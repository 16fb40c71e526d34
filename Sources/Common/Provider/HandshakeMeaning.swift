extension Provider {
    /// Whether a verified post is answered and not stored: one of the handshakes that come signed.
    public func isHandshake(_ document: JSONDocument) -> Bool { handshakes.contains { $0.isMeant(by: document.root) } }
}

extension Handshake {
    fileprivate func isMeant(by root: JSONValue) -> Bool {
        switch self {
        case .challenge(let when, let path, _, signed: true):
            root.value(at: path)?.string != nil && when.map { root.value(at: $0.path)?.scalarText == $0.equals } ?? true
        case .zoomValidation: root["event"]?.string == "endpoint.url_validation" && root["payload"]?["plainToken"]?.string != nil
        case .event(let path, let value, _): root.value(at: path)?.scalarText == value
        case .eventWith(let beside, let path, let value, _):
            root.value(at: path)?.scalarText == value && root.value(at: beside) != nil
        default: false
        }
    }
}
