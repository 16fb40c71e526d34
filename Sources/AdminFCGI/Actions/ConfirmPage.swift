import Common

/// What would be done, how often, and the button that does it.
struct ConfirmPage {
    let heading, words, button, action: String
    let count: Int
    let hidden: [EventPageView.Pair]
    let token: String?
    let wantsReason: Bool
    let offersAsNew: Bool
    let isDangerous: Bool
    let back: String
    /// Of a large task: what is done by now.
    var progress: Int?
    var total: Int?
}

enum Done {
    static func words(_ action: PageRoute.Action, _ count: Int) -> String {
        let letters = "\(count) dead letter\(count == 1 ? "" : "s")"
        switch action {
        case .retry: return "\(letters) made to wait again; the worker's next run pushes them."
        case .discard: return "\(letters) given up."
        case .replay: return "\(count) event\(count == 1 ? "" : "s") made to wait for another push."
        case .reverify, .reverifyAll: return "Judged again."
        }
    }
}

extension Site {
    func confirm(_ action: PageRoute.Action, _ visit: Visit) throws -> PageResponse {
        let target = Target(visit.request.query)
        switch action {
        case .retry, .discard: return try confirmDeadLetters(action, target, visit)
        case .replay: return try confirmReplay(target, visit)
        case .reverify: return confirmReverify(target, visit)
        case .reverifyAll: return try confirmReverifyAll(visit)
        }
    }

    private func confirmDeadLetters(_ action: PageRoute.Action, _ target: Target, _ visit: Visit) throws -> PageResponse {
        let count = try target.deadLetters(in: store(visit)).count
        let letters = "\(count) dead letter\(count == 1 ? "" : "s")"
        guard count > 0 else {
            return say(MessagePage(notDone: "None of what was chosen is a dead letter.", advice: "Choose at least one in the list."), visit)
        }
        let isRetry = action == .retry
        let page = ConfirmPage(
            heading: isRetry ? "Try \(letters) again?" : "Give \(letters) up?",
            words: isRetry
                ? count == 1
                    ? "It waits again with all its tries before it. Mend the cause first, or it dies again."
                    : "They wait again with all their tries before them, and go in order of arrival. Mend the cause first, or they die again."
                : count == 1
                    ? "It is not pushed any more. It stays in the store with its cause and your reason, and can be replayed."
                    : "They are not pushed any more. They stay in the store with their cause and your reason, and can be replayed.",
            button: isRetry ? "Try \(letters) again" : "Give \(letters) up", action: "/admin/do/\(action.rawValue)", count: count,
            hidden: target.hidden, token: newToken(visit), wantsReason: !isRetry, offersAsNew: false, isDangerous: !isRetry,
            back: "/admin/dead-letters")
        return show("confirm", page.heading, .deadLetters, page, visit)
    }

    private func confirmReplay(_ target: Target, _ visit: Visit) throws -> PageResponse {
        guard let id = target.ids.first else { return gone(.event, visit) }
        let plan = try Replays(store: store(visit)).plan(id.sequence, now: visit.now)
        let count: Int
        switch plan {
        case .go(let members): count = members.count
        case .groupIsGone, .keyIsForgotten: count = 0
        default: return say(MessagePage(notDone: Self.words(plan), advice: nil), visit)
        }
        let words =
            count == 0
            ? "It was pushed over 90 days ago, or together with others that are not near it any more: it can only go as new, under a key that WordPress has never seen."
            : "It goes under the key that it had\(count > 1 ? ", with the \(count - 1) that were pushed with it" : ""): what took effect in "
                + "WordPress is a duplicate there and changes nothing."
        let page = ConfirmPage(
            heading: "Push this event once more?", words: words, button: "Push once more", action: "/admin/do/replay", count: max(1, count),
            hidden: [.init(name: "id", value: id.description)], token: newToken(visit), wantsReason: false, offersAsNew: true,
            isDangerous: false, back: "/admin/events/\(id)")
        return show("confirm", page.heading, .events, page, visit)
    }

    private func confirmReverify(_ target: Target, _ visit: Visit) -> PageResponse {
        guard let id = target.ids.first else { return gone(.rejection, visit) }
        let page = ConfirmPage(
            heading: "Judge this request again?",
            words: "It is judged by today's settings, as of its arrival. Where it verifies it becomes an event, unless it is one already.",
            button: "Judge again", action: "/admin/do/reverify", count: 1, hidden: [.init(name: "id", value: id.description)],
            token: newToken(visit), wantsReason: false, offersAsNew: false, isDangerous: false, back: "/admin/rejected/\(id)")
        return show("confirm", page.heading, .rejected, page, visit)
    }

    /// Nil for who has no name: he is told so instead of the button.
    func newToken(_ visit: Visit) -> String? { visit.request.user.map { token.issue(to: $0, now: visit.now) } }

    static func words(_ plan: Replays.Plan) -> String {
        switch plan {
        case .go, .groupIsGone, .keyIsForgotten: ""
        case .payloadIsGone: "Its payload, or that of an event it was folded with, is gone: it is older than is kept."
        case .isMirrored: "The cutover keeps it; gatepost mirror release."
        case .notOver("dead"): "It is a dead letter: try it again from there."
        case .notOver(nil): "It is kept, and goes nowhere."
        case .notOver: "It waits for its push already."
        }
    }
}
