import Common

/// Providers that hand their secret over by themselves (Asana, Notion): whoever comes first while a window is open is believed, and nobody
/// else, ever.
extension Desk {
    /// As the gateway judges the head; a source or tenant may be one only because its secret is awaited, or was learned, lately.
    func admitted(_ head: RequestHead) throws(Refusal) -> Destination {
        let first = Result { () throws(Refusal) in try gateway.admit(head) }
        guard mayHaveChanged(first, head) else { return try first.get() }
        do throws(StoreError) {
            try live.refresh(now: WallClock.system.now())
        } catch {
            throw .storeFailed(error.description)
        }
        return try gateway.admit(head)
    }

    private func mayHaveChanged(_ result: Result<Destination, Refusal>, _ head: RequestHead) -> Bool {
        switch result {
        case .success(.webhook(let source, _)), .success(.secret(let source, _, _)): source.handsOverItsSecret
        case .failure(.unknownSource), .failure(.unknownTenant):
            head.source.flatMap { SourceName($0) }.flatMap { Catalogue.provider(for: $0) }?.handsOverItsSecret == true
        default: false
        }
    }

    /// The secret in a body, if this is one that comes before all events.
    func handed(in body: Bytes, _ head: RequestHead, _ source: Gateway.Source, _ tenant: TenantName?, now: Timestamp) -> HandedSecret? {
        guard source.handsOverItsSecret else { return nil }
        let isAwaited = live.learned.window(source.provider.source, tenant, now: now) != nil
        return HandedSecret(in: body, head.headers, to: source.provider, isAwaited: isAwaited)
    }

    /// Stored before it is answered.
    func take(
        _ handed: HandedSecret, _ head: RequestHead, _ source: Gateway.Source, _ tenant: TenantName?, now: Timestamp
    ) throws(Refusal) -> Reply {
        let name = source.provider.source
        // Our answer may have been lost: who says the same again hears the same again, and learns nothing that he does not know.
        let awaited = live.learned.window(name, tenant, now: now)
        if source.verifier.holds(secret: handed.secret.bytes, of: tenant ?? awaited?.tenant) { return .echo(handed) }
        guard let window = awaited else { throw .secretUnasked(source: name) }
        try checkSpace()
        let isOurs: Bool
        do throws(StoreError) {
            isOurs = try live.learn(handed.secret, window, from: head.remoteAddress, now: now)
        } catch {
            throw .storeFailed(error.description)
        }
        guard isOurs else { throw .secretUnasked(source: name) }
        LogSink.write([
            LogLine("secret learned; the window is closed", at: now).with("outcome", "learned").with("source", name.description)
                .with("tenant", window.tenant.description).with("remote", head.remoteAddress).with("request_id", head.requestID)
        ])
        return .echo(handed)
    }
}
