/// The key that payloads are sealed with. Its name follows from it, so that no two programs can mean different keys by one.
public struct DataKey: Sendable, Equatable {
    static let size = XAES.keySize

    /// Eight hex digits.
    public let id: String
    let secret: Secret

    init?(_ bytes: Bytes) {
        guard bytes.count == Self.size else { return nil }
        secret = Secret(bytes)
        id = String(decoding: Hex.encode(Crypto.sha256(Bytes("gatepost data key ".utf8) + bytes).prefix(4)), as: UTF8.self)
    }

    /// As it is written into the key file.
    public static func generate() -> (key: DataKey, text: String) {
        let bytes = Crypto.random(size)
        return (DataKey(bytes)!, String(decoding: Base64.encode(bytes), as: UTF8.self))
    }
}

/// Those that the operator has given: the first seals, all of them open.
public struct DataKeys: Sendable, Equatable {
    public private(set) var all: [DataKey] = []

    public var active: DataKey? { all.first }

    public init() {}

    public init(_ keys: [DataKey]) { all = keys }

    /// Base64 of 32 bytes each, with commas, blanks or line ends between; a line that begins with `#` is a comment.
    /// - Returns: the keys, or what is wrong with them; never a key.
    public static func parse(_ text: String) -> Result<DataKeys, Fault> {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.drop(while: \.isWhitespace).hasPrefix("#") }
        let words = lines.flatMap { $0.split { $0 == "," || $0.isWhitespace } }
        var keys: [DataKey] = []
        for (index, word) in words.enumerated() {
            let fault = { (text: String) in Fault(description: "key \(index + 1) of \(words.count): \(text)") }
            guard let bytes = Base64.decode(Bytes(word.utf8)) else {
                return .failure(fault("is no base64; `gatepost keys generate` makes one"))
            }
            guard let key = DataKey(bytes) else {
                return .failure(fault("has \(bytes.count) bytes, expected \(DataKey.size); `gatepost keys generate` makes one"))
            }
            guard !keys.contains(where: { $0.id == key.id }) else { return .failure(fault("stands twice")) }
            keys.append(key)
        }
        return .success(DataKeys(keys))
    }

    public struct Fault: Error, Equatable, CustomStringConvertible {
        public let description: String
    }
}
