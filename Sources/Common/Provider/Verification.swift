/// Why a request is not believed. What a stranger sees is the status alone.
public enum VerificationFailure: Error, Equatable, Sendable {
    case signatureMissing(header: String)
    case headerUnreadable(header: String)
    case timestampMissing(header: String)
    /// Positive: the request is older than now.
    case timestampOff(milliseconds: Int64)
    case signatureWrong
}

/// A tenant's keys for one source, ready to use.
public struct TenantKeys: Sendable {
    public let tenant: TenantName
    /// Every active secret; one of them has to fit.
    public let keys: [HMACKey]

    public init(tenant: TenantName, keys: [HMACKey]) {
        self.tenant = tenant
        self.keys = keys
    }
}

extension Scheme {
    /// The tenant whose secret signed the request. Tries every signature against every key; reads no clock, no file.
    ///
    /// The timestamp is judged first, at no cost; it is trusted only because it is signed.
    public func verify(_ request: SignedRequest, candidates: [TenantKeys], now: Timestamp) throws(VerificationFailure) -> TenantName {
        let presented = try presentedSignatures(in: request.headers)
        let time = try timestampText(presented, in: request.headers)
        if let time { try judge(time, now: now) }
        let parts = signedParts(of: request, timestamp: time)
        for candidate in candidates {
            for key in candidate.keys {
                let expected = encode(key.code(over: parts))
                for signature in presented.signatures where Crypto.equal(expected, signature) { return candidate.tenant }
            }
        }
        throw .signatureWrong
    }

    /// The header fields with which the provider would send this request.
    public func sign(_ request: SignedRequest, with key: HMACKey, now: Timestamp) -> [(name: String, value: String)] {
        let number = timestamp?.unit == .milliseconds ? now.milliseconds : now.milliseconds / 1000
        let time = timestamp == nil ? nil : Bytes(String(number).utf8)
        let code = String(decoding: encode(key.code(over: signedParts(of: request, timestamp: time))), as: UTF8.self)
        var fields: [(name: String, value: String)] = []
        switch signature {
        case .whole(let header, let prefix): fields.append((header, prefix + code))
        case .pairs(let header, let signatureKey, let timestampKey):
            fields.append((header, "\(timestampKey)=\(number),\(signatureKey)=\(code)"))
        }
        if let header = timestamp?.header { fields.append((header, String(number))) }
        return fields
    }

    private struct Presented {
        var signatures: [Bytes] = []
        var timestamp: Bytes?
    }

    /// Signatures that a header may list; a rotation needs two, a sender of thousands only wants us to compute.
    private static let mostSignatures = 16

    private func presentedSignatures(in headers: HeaderFields) throws(VerificationFailure) -> Presented {
        let header = signature.header
        let values = headers.values(of: header)
        guard !values.isEmpty, values != [[]] else { throw .signatureMissing(header: header) }
        guard values.count == 1 else { throw .headerUnreadable(header: header) }
        var presented = Presented()
        switch signature {
        case .whole(_, let prefix):
            guard values[0].starts(with: prefix.utf8) else { throw .headerUnreadable(header: header) }
            presented.signatures = [Bytes(values[0].dropFirst(prefix.utf8.count))]
        case .pairs(_, let signatureKey, let timestampKey):
            let pairs = values[0].split(separator: UInt8(ascii: ","))
            guard pairs.count <= Self.mostSignatures else { throw .headerUnreadable(header: header) }
            for pair in pairs {
                guard let sign = pair.firstIndex(of: UInt8(ascii: "=")) else { throw .headerUnreadable(header: header) }
                let (name, value) = (ASCII.trimmed(pair[..<sign]), Bytes(pair[(sign + 1)...]))
                if name.elementsEqual(signatureKey.utf8) { presented.signatures.append(value) }
                if name.elementsEqual(timestampKey.utf8), presented.timestamp == nil { presented.timestamp = value }
            }
        }
        guard !presented.signatures.isEmpty else { throw .signatureMissing(header: header) }
        return presented
    }

    private func timestampText(_ presented: Presented, in headers: HeaderFields) throws(VerificationFailure) -> Bytes? {
        guard let timestamp else { return nil }
        guard let header = timestamp.header else {
            guard let text = presented.timestamp else { throw .timestampMissing(header: signature.header) }
            return text
        }
        let values = headers.values(of: header)
        guard values.count <= 1 else { throw .headerUnreadable(header: header) }
        guard let text = values.first else { throw .timestampMissing(header: header) }
        return text
    }

    private func judge(_ text: Bytes, now: Timestamp) throws(VerificationFailure) {
        let unit: Int64 = timestamp?.unit == .milliseconds ? 1 : 1000
        guard let number = Int64(decimalDigits: text), number < Int64.max / 1000 else {
            throw .headerUnreadable(header: timestamp?.header ?? signature.header)
        }
        // In the sender's own unit: 300 s after a whole second is still 300 s.
        let age = (now.milliseconds / unit - number) * unit
        guard abs(age) <= Self.tolerance.milliseconds else { throw .timestampOff(milliseconds: age) }
    }

    private func signedParts(of request: SignedRequest, timestamp: Bytes?) -> [ArraySlice<UInt8>] {
        signed.map { part in
            switch part {
            case .body: request.body[...]
            case .timestamp: (timestamp ?? [])[...]
            case .method: Bytes(request.method.utf8)[...]
            case .url: decodeEscapes(of: Bytes(request.url.utf8))[...]
            case .literal(let text): Bytes(text.utf8)[...]
            }
        }
    }

    private func decodeEscapes(of url: Bytes) -> Bytes {
        guard !decodedEscapes.isEmpty, url.contains(UInt8(ascii: "%")) else { return url }
        var decoded = Bytes()
        var at = 0
        while at < url.count {
            if url[at] == UInt8(ascii: "%"), at + 2 < url.count,
                decodedEscapes.contains(String(decoding: url[at + 1...at + 2], as: UTF8.self).uppercased()),
                let byte = Hex.decode(url[at + 1...at + 2])
            {
                decoded += byte
                at += 3
            } else {
                decoded.append(url[at])
                at += 1
            }
        }
        return decoded
    }

    private func encode(_ code: Bytes) -> Bytes {
        switch encoding {
        case .hex: Hex.encode(code)
        case .base64: Base64.encode(code)
        }
    }
}
