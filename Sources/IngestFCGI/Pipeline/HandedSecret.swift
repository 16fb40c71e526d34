import Common

/// A secret that a request brings instead of proving that it knows one.
struct HandedSecret: Sendable, Equatable {
    private static let most = 512

    let secret: Secret
    /// That is sent back with it; nil where the provider wants nothing back.
    let header: String?

    /// In a header field (Asana), where there is no signature beside it.
    init?(in head: RequestHead, to provider: Provider) {
        for case .echoSecretHeader(let name) in provider.handshakes {
            guard let value = head.headers.single(name), Self.isPlain(value), !provider.isSigned(head.headers) else { continue }
            self.init(secret: Secret(value), header: name)
            return
        }
        return nil
    }

    /// In the body (Notion). A signed body is read only while a window is open: else it is an event like any other.
    init?(in body: Bytes, _ headers: HeaderFields, to provider: Provider, isAwaited: Bool) {
        for case .secretInBody(let path) in provider.handshakes {
            guard isAwaited || !provider.isSigned(headers), let text = (try? JSONDocument(body))?.root.value(at: path)?.string,
                Self.isPlain(Bytes(text.utf8))
            else { continue }
            self.init(secret: Secret(text), header: nil)
            return
        }
        return nil
    }

    private init(secret: Secret, header: String?) {
        self.secret = secret
        self.header = header
    }

    /// It goes back into a header, or is pasted by people.
    private static func isPlain(_ value: Bytes) -> Bool {
        (8...most).contains(value.count) && value.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension Provider {
    fileprivate func isSigned(_ headers: HeaderFields) -> Bool { signatureHeaders.contains { !headers.values(of: $0).isEmpty } }
}
