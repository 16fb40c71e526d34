import Common

/// Answers to what is no event: the provider proves the address or greets it. Nothing of it is stored, and none of it says more than the
/// provider's own documents do.
extension Gateway {
    /// A GET or HEAD that the provider sends to prove the address; nil where it sends none like this.
    func greet(_ head: RequestHead, _ source: Source, _ tenant: TenantName? = nil) -> Reply? {
        let query = FormFields(Bytes((head.url.split(separator: "?", maxSplits: 1).dropFirst().first ?? "").utf8))
        for handshake in source.provider.handshakes {
            switch handshake {
            case .greeting: return Reply(status: 200)
            case .echoQuery(let name): if let value = query?.value(name) { return .text(value) }
            case .metaSubscription:
                guard let token = query?.value("hub.verify_token"), let challenge = query?.value("hub.challenge") else { continue }
                return source.holds(verifyToken: token, of: tenant) ? .text(challenge) : .refused(.notVerified(.signatureWrong))
            case .braintreeChallenge:
                if let text = query?.value("bt_challenge").flatMap({ source.answer(braintree: $0, for: tenant) }) { return .text(text) }
            case .echoHeader(let header, let name):
                if let value = head.headers.single(header) { return .json(200, Self.object(name, value)) }
            default: continue
            }
        }
        return nil
    }

    /// A post that comes before there is anything to verify: monday's challenge, WooCommerce's ping.
    func answerUnsigned(_ request: SignedRequest, _ source: Source) -> Reply? {
        for handshake in source.provider.handshakes {
            switch handshake {
            case .challenge(nil, let path, let form, signed: false):
                if let reply = Self.challenge(request.document?.root, nil, path, form) { return reply }
            case .ping(let field, let status):
                guard request.isForm, let form = FormFields(request.body), form.fields.count == 1, form.value(field) != nil else {
                    continue
                }
                return Reply(status: status)
            default: continue
            }
        }
        return nil
    }

    /// A verified post that is no event.
    func answerSigned(_ document: JSONDocument, _ source: Source, key: VerificationKey) -> Reply? {
        for handshake in source.provider.handshakes {
            switch handshake {
            case .challenge(let when, let path, let form, signed: true):
                if let reply = Self.challenge(document.root, when, path, form) { return reply }
            case .zoomValidation:
                if let reply = Self.zoom(document.root, key) { return reply }
            case .event(let path, let value, let answer):
                if document.root.value(at: path)?.scalarText == value { return Reply(answer) }
            case .eventWith(let beside, let path, let value, let answer):
                if document.root.value(at: path)?.scalarText == value, document.root.value(at: beside) != nil { return Reply(answer) }
            default: continue
            }
        }
        return nil
    }

    private static func challenge(
        _ root: JSONValue?, _ when: (path: JSONPath, equals: String)?, _ path: JSONPath, _ form: Handshake.ChallengeAnswer
    ) -> Reply? {
        guard let text = root?.value(at: path)?.string else { return nil }
        if let when, root?.value(at: when.path)?.scalarText != when.equals { return nil }
        switch form {
        case .text: return .text(Bytes(text.utf8))
        case .json(let name): return .json(200, object(name, Bytes(text.utf8)))
        }
    }

    /// https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint
    private static func zoom(_ root: JSONValue, _ key: VerificationKey) -> Reply? {
        guard root["event"]?.string == "endpoint.url_validation", let token = root["payload"]?["plainToken"]?.string,
            case .hmac(let key) = key
        else { return nil }
        var body = Bytes("{\"plainToken\":".utf8) + JSONText.quoted(token)
        body += Array(",\"encryptedToken\":\"".utf8) + Hex.encode(key.code(over: Bytes(token.utf8))) + Array("\"}".utf8)
        return .json(200, body)
    }

    private static func object(_ name: String, _ value: Bytes) -> Bytes {
        var json: Bytes = [UInt8(ascii: "{")]
        JSONText.append(name.utf8, to: &json)
        json.append(UInt8(ascii: ":"))
        JSONText.append(String(decoding: value, as: UTF8.self).utf8, to: &json)
        return json + [UInt8(ascii: "}")]
    }
}

extension Gateway.Source {
    /// A token set for that alone, or a secret.
    fileprivate func holds(verifyToken token: Bytes, of tenant: TenantName?) -> Bool {
        let isToken = verifier.holds(secret: Bytes(Scheme.SecretForm.verifyTokenPrefix.utf8) + token, of: tenant)
        return verifier.holds(secret: token, of: tenant) || isToken
    }
}
