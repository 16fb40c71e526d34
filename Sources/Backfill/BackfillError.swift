import Common
import Transport

/// Why a provider could not be asked, in words for the operator. Never an answer's body or a key.
public enum BackfillError: Error, CustomStringConvertible {
    /// Something has to be set first.
    case notSetUp(String)
    case unreachable(host: String, TransportError)
    /// - Parameter word: the provider's own for it, where it is one.
    case refused(host: String, status: Int, word: String?, key: String)
    /// An answer that is not what the provider documents.
    case unexpected(host: String, String)
    /// The provider asks for more patience than one run has.
    case rateLimited(host: String, until: Timestamp)
    /// The place in the list is not known there any more.
    case expired
    /// Payloads of the time asked about are gone, so that nobody can say what we had.
    case forgotten(events: Int)
    case store(StoreError)

    public var description: String {
        switch self {
        case .notSetUp(let text): text
        case .unreachable(let host, let error): "\(host): \(error)"
        case .refused(let host, let status, let word, let key) where status == 401 || status == 403:
            "\(host) answered \(status)\(word.map { " \($0)" } ?? ""): it does not accept the key, or the key may not read this; see \(key)"
        case .refused(let host, let status, let word, _): "\(host) answered \(status)\(word.map { " \($0)" } ?? "")"
        case .unexpected(let host, let text): "\(host): \(text)"
        case .rateLimited(let host, let until): "\(host) takes no more requests until \(until); go on then with --resume"
        case .expired: "the provider has forgotten the place in its list, three times in a row"
        case .forgotten(let events):
            "the payloads of \(events) events of that time are not kept any more, so nobody can say what they brought; take a later --since"
        case .store(let error): error.description
        }
    }
}

/// Runs what touches the store, with its errors as ours.
func storing<Value>(_ body: () throws(StoreError) -> Value) throws(BackfillError) -> Value {
    do throws(StoreError) { return try body() } catch { throw .store(error) }
}
