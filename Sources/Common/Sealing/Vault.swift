import Synchronization

/// Seals what is written into the store and opens what is read from it, with the keys that it was given. Without keys everything is plain.
public final class Vault: Sendable {
    /// Whether new values are sealed.
    public enum Mode: String, Sendable, CaseIterable {
        /// Where there is a key.
        case auto
        /// No; what is sealed can still be read.
        case off
        /// Yes, and nothing starts without a key.
        case required
    }

    struct State {
        var keys: DataKeys
        var mode: Mode
        var ciphers: [String: XAES] = [:]
        /// Hashes lanes; the store has it, sealed. Nil: nothing was ever sealed, or none of the keys opens it.
        var search: HMACKey?
        var entropy = EntropyPool()
    }

    private let state: Mutex<State>

    public init(_ keys: DataKeys = DataKeys(), mode: Mode = .auto) { state = Mutex(State(keys: keys, mode: mode)) }

    public var keys: DataKeys { state.withLock { $0.keys } }
    public var mode: Mode { state.withLock { $0.mode } }

    /// Whether what is written now is sealed.
    public var isSealing: Bool { state.withLock { $0.isSealing } }

    /// For hashes of what people's data is replaced by; nil without encryption.
    public var hashKey: HMACKey? { state.withLock { $0.search } }

    var hashesLanes: Bool { state.withLock { $0.search != nil } }

    /// Whether it has these keys, and what the store keeps under them: for a program that holds a store open for long. What ingest has
    /// begun to seal since it was opened is read with the next.
    public func isAsGiven(_ encryption: Settings.Encryption) -> Bool {
        state.withLock { $0.keys == encryption.keys && $0.mode == encryption.mode && ($0.search != nil || $0.keys.all.isEmpty) }
    }

    /// Other keys from now on, for a program that runs on. The search key stays.
    public func take(_ keys: DataKeys, mode: Mode) {
        state.withLock { state in
            state.keys = keys
            state.mode = mode
            state.ciphers = state.ciphers.filter { id, _ in keys.all.contains { $0.id == id } }
        }
    }

    func search(with key: Bytes?) throws(CryptoError) {
        let made: HMACKey?
        if let key { made = try HMACKey(key) } else { made = nil }
        state.withLock { $0.search = made }
    }

    // MARK: Values

    /// Plain where nothing is to be sealed.
    func seal(_ plain: Bytes, at place: SealPlace) throws(StoreError) -> Bytes {
        try state.withLock { $0.isSealing ? $0.seal([plain], at: place) : .success(plain) }.get()
    }

    /// With the active key, whatever the mode says.
    func sealAlways(_ parts: [Bytes], at place: SealPlace) throws(StoreError) -> Bytes {
        try state.withLock { $0.seal(parts, at: place) }.get()
    }

    /// A plain value comes back as it is.
    func open(_ value: Bytes, at place: SealPlace) throws(SealError) -> Bytes {
        guard let id = SealedValue.keyID(of: value) else { return value }
        let opened = state.withLock { state -> Result<Bytes, SealError> in
            guard let cipher = state.cipher(id) else { return .failure(.noKey(id: id)) }
            let plain = cipher.open(SealedValue.sealed(in: value), nonce: SealedValue.nonce(of: value), associated: place.bytes)
            return plain.map { .success($0) } ?? .failure(.tampered)
        }
        return try opened.get()
    }

    /// A lane's name in the store: the same person has the same, and it does not say who that is.
    func lane(_ lane: String?, tenant: String) -> String? {
        guard let lane, !lane.hasPrefix(Self.laneMark) else { return lane }
        guard let search = state.withLock({ $0.search }) else { return lane }
        let code = search.code(over: Bytes(tenant.utf8) + [0] + Bytes(lane.utf8))
        return Self.laneMark + String(decoding: Hex.encode(code.prefix(16)), as: UTF8.self)
    }

    /// No source's name and no `email:` begins so.
    static let laneMark = "#"

    /// Stands for a secret where it must be found again.
    func hash(of secret: Bytes) -> Bytes? { state.withLock { $0.search }?.code(over: secret) }
}

extension Vault.State {
    var isSealing: Bool { mode != .off && search != nil && !keys.all.isEmpty }

    /// Nil: we do not have that key.
    mutating func cipher(_ id: String) -> XAES? {
        if let known = ciphers[id] { return known }
        guard let key = keys.all.first(where: { $0.id == id }), let made = try? XAES(key.secret.bytes) else { return nil }
        ciphers[id] = made
        return made
    }

    mutating func seal(_ parts: [Bytes], at place: SealPlace) -> Result<Bytes, StoreError> {
        guard let key = keys.active, let cipher = cipher(key.id) else {
            return .failure(.cannotSeal(reason: "there is no data key, or libcrypto refuses it"))
        }
        var nonce = Bytes()
        nonce.reserveCapacity(XAES.nonceSize)
        for _ in 0..<XAES.nonceSize / 8 {
            let number = entropy.next()
            withUnsafeBytes(of: number) { nonce += $0 }
        }
        var value = Bytes()
        value.reserveCapacity(parts.reduce(SealedValue.overhead) { $0 + $1.count })
        value += SealedValue.magic
        value += Hex.decode(Bytes(key.id.utf8)) ?? []
        value += nonce
        cipher.seal(parts, nonce: nonce, associated: place.bytes, into: &value)
        return .success(value)
    }
}
