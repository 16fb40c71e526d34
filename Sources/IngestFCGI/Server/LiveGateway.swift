import Common
import Synchronization

/// The gateway as it is now: the settings' secrets with those that were learned since. Swapped whole; every turn asks for it anew.
final class LiveGateway: Sendable {
    private struct State {
        var gateway: Gateway
        var learned: Learned
        var readAt: Timestamp
    }

    private let settings: Settings
    private let secrets: LearnedSecrets
    private let state: Mutex<State>
    /// One at a time: who read the store earlier must not put back what was there before.
    private let reloading = Mutex(())

    init(_ settings: Settings, _ secrets: LearnedSecrets, now: Timestamp) throws {
        self.settings = settings
        self.secrets = secrets
        let learned = try secrets.load(now: now)
        state = Mutex(State(gateway: try Gateway(settings.adding(learned)), learned: learned, readAt: now))
    }

    /// For tests: a gateway that learns nothing.
    init(fixed gateway: Gateway, _ store: Store) {
        settings = Settings()
        secrets = LearnedSecrets(store: store)
        state = Mutex(State(gateway: gateway, learned: Learned(), readAt: Timestamp(milliseconds: .max)))
    }

    var gateway: Gateway { state.withLock { $0.gateway } }

    /// Every secret that there is, as it is written down.
    var secretKeys: [SecretUse.Key] { settings.adding(learned).secretKeys }

    var learned: Learned { state.withLock { $0.learned } }

    /// Looks into the store for what was learned, opened or forgotten elsewhere; once a second at most, however often strangers ask.
    func refresh(now: Timestamp) throws(StoreError) {
        let isStale = state.withLock { state in
            guard now < state.readAt || now >= state.readAt + .seconds(1), state.readAt.milliseconds < .max else { return false }
            state.readAt = now
            return true
        }
        if isStale { try reload(now: now) }
    }

    /// Keeps a secret if somebody waits for one. On disk, and active, when this returns true.
    func learn(_ secret: Secret, _ window: LearningWindow, from address: String?, now: Timestamp) throws(StoreError) -> Bool {
        guard try secrets.learn(secret, window.source, window.tenant, from: address, now: now) else { return false }
        try reload(now: now)
        return true
    }

    private func reload(now: Timestamp) throws(StoreError) {
        try reloading.withLock { _ throws(StoreError) in
            let learned = try secrets.load(now: now)
            guard state.withLock({ $0.learned != learned }), let gateway = try? Gateway(settings.adding(learned)) else { return }
            state.withLock { state in
                state.learned = learned
                state.gateway = gateway
            }
        }
    }
}

extension Gateway {
    /// The authorities, where a source needs them at all.
    func anchors(_ settings: Settings) -> TrustAnchors {
        guard sources.values.contains(where: { $0.provider.certificateRule?.needsChain == true }) else { return TrustAnchors(bundle: "") }
        let anchors = TrustAnchors(path: settings.trustAnchors)
        if anchors.pems.isEmpty {
            let text = "\(settings.trustAnchors) holds no certificate: nothing of PayPal's is believed; install ca-certificates"
            LogSink.write([LogLine(text, level: .error, at: WallClock.system.now())])
        }
        return anchors
    }
}
