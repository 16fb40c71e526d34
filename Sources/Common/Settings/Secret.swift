/// A secret's bytes. Prints as `…`, in every way that Swift has to print.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public let bytes: Bytes

    public init(_ bytes: Bytes) { self.bytes = bytes }

    public init(_ text: some StringProtocol) { bytes = Bytes(text.utf8) }

    /// For where it goes on the wire. Never into a log or a listing.
    public var exposed: String { String(decoding: bytes, as: UTF8.self) }

    public var description: String { "…" }
    public var debugDescription: String { "…" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
