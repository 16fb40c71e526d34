/// Why a sealed value cannot be opened.
public enum SealError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It was sealed with a key that we have not been given.
    case noKey(id: String)
    /// It is not as it was sealed, or stands where it did not.
    case tampered

    public var description: String {
        switch self {
        case .noKey(let id):
            "sealed with data key \(id), which GATEPOST_DATA_KEY does not have; give it back beside the others (docs: runbooks/lost-key.md)"
        case .tampered: "sealed, and changed or moved since: it does not open with its own key; restore it from a backup"
        }
    }
}
