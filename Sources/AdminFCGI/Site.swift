import Common

/// From requests to answers. One thread's: it keeps a connection of its own to the store.
final class Site {
    /// What one page's questions may take together.
    static let patience: Duration = .seconds(3)
    /// How long a search looks on that has found nothing; the last look may take as long again.
    static let searchTime: Duration = .seconds(1)

    let current: CurrentSettings
    let token: FormToken
    private var reading: (store: Store, deadline: ReadDeadline)?

    init(settings: CurrentSettings, token: FormToken) {
        current = settings
        self.token = token
    }

    func answer(_ request: PageRequest, now: Timestamp) -> PageResponse {
        let visit = Visit(request: request, settings: current.settings, now: now)
        if request.path == MetricsPage.path { return metrics(visit) }
        do throws(PageRoute.Refusal) {
            let route = try PageRoute(request)
            do { return try answer(route, visit) } catch { return failure(error, visit) }
        } catch {
            return refusal(error, visit)
        }
    }

    private func answer(_ route: PageRoute, _ visit: Visit) throws -> PageResponse {
        switch route {
        case .asset(let path): Asset.answer(to: path) ?? refusal(.unknown, visit)
        case .overview: show("overview", "Overview", .overview, try OverviewPage(store(visit), visit), visit)
        case .events: show("events", "Events", .events, try EventsPage(store(visit), visit), visit)
        case .event(let id): try event(id, visit)
        case .payload(let id): try payload(id, visit)
        case .people: show("people", "People", .people, try PeoplePage(store(visit), visit), visit)
        case .deadLetters: show("dead-letters", "Dead letters", .deadLetters, try DeadLettersPage(store(visit), visit), visit)
        case .rejected: show("rejected", "Rejected requests", .rejected, try RejectedPage(store(visit), visit), visit)
        case .rejection(let id): try rejection(id, visit)
        case .alerts: show("alerts", "Alerts", .alerts, try AlertsPage(store(visit), visit), visit)
        case .secrets: show("secrets", "Secrets", .secrets, try SecretsPage(store(visit), visit), visit)
        case .settings: show("settings", "Settings in force", .settings, try SettingsPage(store(visit), visit), visit)
        case .audit: show("audit", "Audit", .audit, try AuditPage(store(visit), visit), visit)
        case .confirm(let action): try confirm(action, visit)
        case .act(let action): try act(action, visit)
        }
    }

    private func event(_ id: EventID, _ visit: Visit) throws -> PageResponse {
        guard let page = try EventPageView(id, store(visit), visit) else { return gone(.event, visit) }
        return show("event", "Event \(page.type)", .events, page, visit)
    }

    private func rejection(_ id: EventID, _ visit: Visit) throws -> PageResponse {
        guard let page = try RejectionPage(id, store(visit), visit) else { return gone(.rejection, visit) }
        return show("rejection", "Rejected request", .rejected, page, visit)
    }

    /// As a file to save, never as a page: it is a stranger's text.
    private func payload(_ id: EventID, _ visit: Visit) throws -> PageResponse {
        guard let event = try EventQueries(store: store(visit)).find(id.description).first, event.unreadable == nil else {
            return gone(.event, visit)
        }
        return PageResponse(
            contentType: "application/octet-stream", body: event.rawBody,
            fields: [("Content-Disposition", "attachment; filename=\"\(id).txt\"")])
    }

    // MARK: What pages are made of

    /// Opened when it is first needed: this program may be there before the store is.
    func store(_ visit: Visit) throws(StoreError) -> Store {
        if let (store, deadline) = reading, store.path == visit.settings.database, store.vault.isAsGiven(visit.settings.encryption) {
            deadline.set(Self.patience)
            return store
        }
        let store = try Store(path: visit.settings.database, access: .readOnly, vault: visit.settings.encryption.vault)
        let deadline = ReadDeadline()
        try deadline.hold(store)
        deadline.set(Self.patience)
        reading = (store, deadline)
        return store
    }

    func show(_ template: String, _ title: String, _ section: Section?, _ page: Any, _ visit: Visit, status: Int = 200) -> PageResponse {
        let frame = Frame(title, in: section, for: visit.request, now: visit.now)
        return PageResponse(status: status, body: Templates.render(template, Document(frame: frame, page: page)))
    }

    func say(_ message: MessagePage, _ visit: Visit) -> PageResponse {
        show("message", message.heading, nil, message, visit, status: message.status)
    }

    func gone(_ what: MessagePage.Missing, _ visit: Visit) -> PageResponse { say(MessagePage(missing: what), visit) }

    private func refusal(_ refusal: PageRoute.Refusal, _ visit: Visit) -> PageResponse {
        var response = say(MessagePage(refusal), visit)
        if case .method(let allowed) = refusal { response.fields.append(("Allow", allowed)) }
        return response
    }

    private func failure(_ error: any Error, _ visit: Visit) -> PageResponse {
        // The next request opens the store anew: it may have been made or restored by then.
        if (error as? StoreError)?.isInterrupted != true { reading = nil }
        var response = say(MessagePage(failure: error), visit)
        response.reason = "\(error)"
        return response
    }
}

/// One request with what holds while it is answered.
struct Visit {
    let request: PageRequest
    let settings: Settings
    let now: Timestamp

    /// Until then a page that has found nothing looks on.
    let searchEnd: ContinuousClock.Instant

    init(request: PageRequest, settings: Settings, now: Timestamp) {
        self.request = request
        self.settings = settings
        self.now = now
        searchEnd = .now + Site.searchTime
    }

    var hasTime: Bool { .now < searchEnd }

    func moment(_ time: Timestamp?) -> Moment? { time.shown(now: now) }
}
