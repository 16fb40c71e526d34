import Foundation

/// What is sealed beside events.
extension Vault {
    /// A rejected request's address and header, the address in front where both are sealed.
    func sealedHead(_ rejection: NewRejection, sequence: Int64) throws(StoreError) -> (url: String, bytes: Bytes) {
        let url = rejection.arrival.request.url
        return isSealing ? try sealedHeadAlways(url: url, rejection.head, sequence: sequence) : (url, rejection.head)
    }

    func sealedHeadAlways(url: String, _ head: Bytes, sequence: Int64) throws(StoreError) -> (url: String, bytes: Bytes) {
        let plain = Bytes(url.utf8.map { $0 == 0x0A ? 0x20 : $0 }) + [0x0A] + head
        return ("", try sealAlways([plain], at: .rejection(sequence)))
    }

    func openedHead(url: String, _ bytes: Bytes, sequence: Int64) throws(SealError) -> (url: String, bytes: Bytes) {
        guard SealedValue.keyID(of: bytes) != nil else { return (url, bytes) }
        let plain = try open(bytes, at: .rejection(sequence))
        guard let end = plain.firstIndex(of: 0x0A) else { throw .tampered }
        return (String(decoding: plain[..<end], as: UTF8.self), Bytes(plain[(end + 1)...]))
    }

    /// The beginning of WordPress's answer, as text: `sealed:` and base 64.
    func sealed(answer: String?, of push: String, requestID: String) throws(StoreError) -> String? {
        guard let answer, isSealing else { return answer }
        return try sealedAlways(answer: answer, of: push, requestID: requestID)
    }

    func sealedAlways(answer: String, of push: String, requestID: String?) throws(StoreError) -> String {
        let value = try sealAlways([Bytes(answer.utf8)], at: .answer(push: push, requestID: requestID ?? ""))
        return SealedValue.mark + String(decoding: Base64.encode(value), as: UTF8.self)
    }

    func plain(answer: String, of push: String, requestID: String?) throws(SealError) -> String {
        guard SealedValue.keyID(inAnswer: answer) != nil, let value = SealedValue.value(inAnswer: answer) else { return answer }
        return String(decoding: try open(value, at: .answer(push: push, requestID: requestID ?? "")), as: UTF8.self)
    }

    /// What cannot be opened is told in words: an answer is for people alone.
    func opened(answer: String?, of push: String, requestID: String?) -> String? {
        guard let answer else { return nil }
        do throws(SealError) { return try plain(answer: answer, of: push, requestID: requestID) } catch { return "(\(error))" }
    }

    /// For the columns `secret` and `sealed` of a learned secret.
    func kept(_ secret: Secret, source: String, tenant: String) throws(StoreError) -> (secret: Data, sealed: Data?) {
        guard isSealing, let hash = hash(of: secret.bytes) else { return (Data(secret.bytes), nil) }
        return (Data(hash), Data(try sealAlways([secret.bytes], at: .learnedSecret(source: source, tenant: tenant))))
    }
}

extension SealedValue {
    static func value(inAnswer answer: String) -> Bytes? {
        answer.hasPrefix(mark) ? Base64.decode(Bytes(answer.dropFirst(mark.count).utf8)) : nil
    }

    /// From its beginning, too: 96 characters are enough.
    static func keyID(inAnswer answer: String) -> String? {
        guard answer.hasPrefix(mark) else { return nil }
        let text = Bytes(answer.dropFirst(mark.count).utf8.prefix(96))
        return Base64.decode(Bytes(text.prefix(text.count / 4 * 4))).flatMap(keyID(of:))
    }
}
