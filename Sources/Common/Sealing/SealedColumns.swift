/// What an event's row holds of what came with it: plain, or sealed as one message.
struct SealedColumns {
    let lane: String?
    /// A JSON object, or `sealed:` and the key's id.
    let headers: Bytes
    /// The body; sealed: the headers' length in four bytes, headers, body.
    let body: Bytes
}

extension Vault {
    /// - Parameter sequence: the row that they are for, and for no other.
    func columns(
        lane: String?, headers: Bytes, body: Bytes, sequence: Int64, source: String, tenant: String
    ) throws(StoreError) -> SealedColumns {
        guard isSealing else { return SealedColumns(lane: self.lane(lane, tenant: tenant), headers: headers, body: body) }
        return try sealedColumns(lane: lane, headers: headers, body: body, sequence: sequence, source: source, tenant: tenant)
    }

    func sealedColumns(
        lane: String?, headers: Bytes, body: Bytes, sequence: Int64, source: String, tenant: String
    ) throws(StoreError) -> SealedColumns {
        let length = withUnsafeBytes(of: UInt32(headers.count).bigEndian) { Bytes($0) }
        let value = try sealAlways([length, headers, body], at: .event(sequence, source: source, tenant: tenant))
        let mark = SealedValue.mark + (SealedValue.keyID(of: value) ?? "")
        return SealedColumns(lane: self.lane(lane, tenant: tenant), headers: Bytes(mark.utf8), body: value)
    }

    /// Headers and body as they came.
    func opened(
        headers: Bytes, body: Bytes, sequence: Int64, source: String, tenant: String
    ) throws(SealError) -> (headers: Bytes, body: Bytes) {
        guard SealedValue.keyID(inMark: headers) != nil else { return (headers, body) }
        let plain = try open(body, at: .event(sequence, source: source, tenant: tenant))
        guard plain.count >= 4, plain.count != body.count else { throw .tampered }
        let length = plain[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard length <= plain.count - 4 else { throw .tampered }
        return (Bytes(plain[4..<4 + length]), Bytes(plain[(4 + length)...]))
    }
}
