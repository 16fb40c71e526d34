import Common
import Foundation

/// What is done, and not only shown. Written into the audit before it is done, with a name and an address.
extension Site {
    /// Dead letters that one request takes: a second or two of work.
    static let mostAtOnce = 2000

    func act(_ action: PageRoute.Action, _ visit: Visit) throws -> PageResponse {
        let user: String
        do throws(Permission.Refusal) {
            user = try Permission.check(visit.request, token, now: visit.now)
        } catch {
            var response = say(MessagePage(error), visit)
            response.reason = error.words
            return response
        }
        let store = try Store(path: visit.settings.database, vault: visit.settings.encryption.vault)
        let target = Target(visit.request.form)
        let desk = Acting(store: store, user: user, visit: visit)
        switch action {
        case .retry, .discard: return try deadLetters(action, target, desk, visit)
        case .replay: return try replay(target, desk, visit)
        case .reverify: return try reverify(target, desk, visit)
        case .reverifyAll: return try reverifyAll(desk, visit)
        }
    }

    private func deadLetters(_ action: PageRoute.Action, _ target: Target, _ desk: Acting, _ visit: Visit) throws -> PageResponse {
        let form = visit.request.form
        let letters = DeadLetters(store: desk.store)
        let asked = try target.deadLetters(in: desk.store)
        // What has no payload any more would stand at the front of every part.
        let all = action == .retry ? try letters.pushable(asked) : asked
        let before = form["done"].flatMap { Int($0) } ?? 0
        let some = Array(all.prefix(Self.mostAtOnce))
        let reason = form["reason"]
        try desk.record("dlq.\(action.rawValue)", target.words, count: some.count, detail: reason)
        let count =
            action == .retry ? try letters.retry(some, now: visit.now) : try letters.discard(some, reason: reason, now: visit.now)
        let done = before + count
        // Where nothing moves, going on would go round for ever.
        guard all.count > some.count, count > 0 else {
            let said = [("did", action.rawValue), ("count", String(done)), ("emptied", String(asked.count - all.count))]
            return .seeOther(PageFields(said).link("/admin/dead-letters"))
        }
        let rest = all.count - some.count
        var page = ConfirmPage(
            heading: "\(done) of \(done + rest) done", words: "A large task is done in parts. Leave this page and the rest stays as it is.",
            button: "Go on with the other \(rest)", action: "/admin/do/\(action.rawValue)", count: rest,
            hidden: target.hidden + [.init(name: "done", value: String(done))] + (reason.map { [.init(name: "reason", value: $0)] } ?? []),
            token: newToken(visit), wantsReason: false, offersAsNew: false, isDangerous: action == .discard, back: "/admin/dead-letters")
        (page.progress, page.total) = (done, done + rest)
        return show("confirm", page.heading, .deadLetters, page, visit)
    }

    private func replay(_ target: Target, _ desk: Acting, _ visit: Visit) throws -> PageResponse {
        guard let id = target.ids.first else { return gone(.event, visit) }
        let isNew = visit.request.form["as-new"] == "1"
        let replays = Replays(store: desk.store)
        let plan = try replays.plan(id.sequence, now: visit.now)
        let members: Set<Int64>
        switch plan {
        case .go(let all): members = isNew ? [id.sequence] : Set(all)
        case .groupIsGone where isNew, .keyIsForgotten where isNew: members = [id.sequence]
        case .groupIsGone, .keyIsForgotten:
            return say(MessagePage(notDone: "It can go as new alone.", advice: "Say so on the page before."), visit)
        default: return say(MessagePage(notDone: Self.words(plan), advice: nil), visit)
        }
        try desk.record("events.replay", id.description, count: members.count, detail: isNew ? "as new" : nil)
        let newKey: (() -> String)? = isNew ? { "replay-\(UUID().uuidString.lowercased())" } : nil
        _ = try replays.replay(members, newKey: newKey, now: visit.now)
        return .seeOther("/admin/events/\(id)")
    }

    private func reverify(_ target: Target, _ desk: Acting, _ visit: Visit) throws -> PageResponse {
        guard let id = target.ids.first, try RejectionQueries(store: desk.store).find(id) != nil else { return gone(.rejection, visit) }
        try desk.record("rejected.reverify", id.description, count: 1, detail: nil)
        var run = try desk.reverifyRun()
        try run.judge([id.sequence])
        guard let line = run.report.lines.first else { return gone(.rejection, visit) }
        guard line.isWell else {
            return say(
                MessagePage(
                    notDone: "It is refused still: \(line.why ?? line.result.rawValue).",
                    advice: "The request's page says what would mend it."), visit)
        }
        return .seeOther(PageFields([("said", line.result.rawValue)]).link("/admin/rejected"))
    }
}

/// With which store, by whom.
struct Acting {
    let store: Store
    let user: String
    let visit: Visit

    func reverifyRun() throws -> ReverifyRun {
        try store.refuseLocked()
        var settings = visit.settings.adding(try LearnedSecrets(store: store).load(now: visit.now))
        settings.hashKey = store.vault.hashKey
        return ReverifyRun(
            store: store, reverification: try Reverification(settings, now: visit.now), anchors: TrustAnchors(path: settings.trustAnchors),
            now: visit.now, isDry: false)
    }

    func record(_ action: String, _ object: String, count: Int, detail: String?) throws(StoreError) {
        let from = visit.request.remoteAddress.map { "from \($0)" }
        let words = [from, detail].compactMap { $0 }.joined(separator: "; ")
        try store.record(
            AuditEntry(
                at: visit.now, actor: user, origin: .pages, action: action, object: object, count: count,
                detail: words.isEmpty ? nil : words))
    }
}
