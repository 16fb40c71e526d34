import Common
import Synchronization

/// Certificates in memory, the store behind them. What is not there is asked for, and the worker fetches it.
final class CertificateShelf: Sendable {
    private struct Entry {
        let certificates: CertificateStore
        let readAt: Timestamp
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var second: Int64 = 0
        /// By network, in this second.
        var looks: [String: Int] = [:]
    }

    /// An entry older than this is read again: the worker may have renewed it, or found it gone.
    private static let age: Duration = .seconds(600)
    /// More than the store keeps of one source.
    private static let mostEntries = 128
    /// Looks into the store in one second for what one network names, and networks that may look.
    private static let mostLooks = 4
    private static let mostNetworks = 32

    private let errands: Errands
    private let anchors: TrustAnchors
    private let state = Mutex(State())

    init(errands: Errands, anchors: TrustAnchors) {
        self.errands = errands
        self.anchors = anchors
    }

    /// What the request's scheme needs, as far as it is in memory. Empty for schemes without certificates, at no cost.
    func held(for request: SignedRequest, _ provider: Provider, now: Timestamp) -> CertificateStore {
        guard let scheme = provider.certificateScheme, let url = try? CertificateStore.address(for: scheme, in: request) else {
            return CertificateStore()
        }
        return state.withLock { state in
            guard let entry = state.entries[url], now < entry.readAt + Self.age else { return CertificateStore() }
            return entry.certificates
        }
    }

    /// From the store; where it has none, it is asked for. Nil: not at hand.
    /// - Parameter address: who named it.
    func fetch(_ url: String, _ provider: Provider, from address: String?, now: Timestamp) throws(StoreError) -> CertificateStore? {
        guard let rule = provider.certificateRule else { return nil }
        // One that was at hand is not forgotten because nobody may look whether there is a newer one.
        guard mayLook(address, now: now) else { return state.withLock { $0.entries[url]?.certificates } }
        switch try errands.certificate(at: url, of: provider.source) {
        case .pem(let pem):
            let certificates = CertificateStore(byURL: [url: pem], anchors: rule.narrow(anchors, to: pem, now: now))
            keep(certificates, for: url, now: now)
            return certificates
        case .asked: break
        case .unknown:
            if try errands.want(certificateAt: url, of: provider.source, by: Network.name(of: address), now: now) {
                LogSink.write([
                    LogLine("a certificate is asked for; gatepost-worker fetches it", at: now)
                        .with("source", provider.source.description).with("url", url)
                ])
            }
        }
        state.withLock { $0.entries[url] = nil }
        return nil
    }

    private func keep(_ certificates: CertificateStore, for url: String, now: Timestamp) {
        state.withLock { state in
            if state.entries.count >= Self.mostEntries { state.entries.removeAll() }
            state.entries[url] = Entry(certificates: certificates, readAt: now)
        }
    }

    private func mayLook(_ address: String?, now: Timestamp) -> Bool {
        let network = Network.name(of: address) ?? ""
        return state.withLock { state in
            let second = now.milliseconds / 1000
            if second != state.second { (state.second, state.looks) = (second, [:]) }
            guard state.looks[network] != nil || state.looks.count < Self.mostNetworks else { return false }
            state.looks[network, default: 0] += 1
            return state.looks[network, default: 0] <= Self.mostLooks
        }
    }
}
