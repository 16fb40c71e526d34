import Common

/// From requests to answers. One thread's: it keeps a connection of its own to the store.
final class Site {
    private let settings: CurrentSettings
    private var reading: Store?

    init(settings: CurrentSettings) { self.settings = settings }

    func answer(_ request: PageRequest, now: Timestamp) -> PageResponse {
        do throws(PageRoute.Refusal) {
            let route = try PageRoute(request)
            do {
                return try answer(route, request, now: now)
            } catch {
                // The next request tries anew: the store may have been made or restored by then.
                reading = nil
                return failure(error, request, now: now)
            }
        } catch {
            return refusal(error, request, now: now)
        }
    }

    private func answer(_ route: PageRoute, _ request: PageRequest, now: Timestamp) throws -> PageResponse {
        switch route {
        case .asset(let path): return Asset.answer(to: path) ?? refusal(.unknown, request, now: now)
        case .overview:
            let page = OverviewPage(counts: try EventQueries(store: store()).counts(), now: now)
            return show("overview", "Overview", .overview, page, request, now: now)
        }
    }

    /// Opened when it is first needed: this program may be there before the store is.
    private func store() throws(StoreError) -> Store {
        if let reading { return reading }
        let opened = try Store(path: settings.settings.database, access: .readOnly, vault: settings.settings.encryption.vault)
        reading = opened
        return opened
    }

    private func show(
        _ template: String, _ title: String, _ section: Section?, _ page: Any, _ request: PageRequest, status: Int = 200, now: Timestamp
    ) -> PageResponse {
        let frame = Frame(title, in: section, for: request, now: now)
        return PageResponse(status: status, body: Templates.render(template, Document(frame: frame, page: page)))
    }

    private func refusal(_ refusal: PageRoute.Refusal, _ request: PageRequest, now: Timestamp) -> PageResponse {
        let message = MessagePage(refusal)
        var response = show("message", message.heading, nil, message, request, status: message.status, now: now)
        if case .method(let allowed) = refusal { response.fields.append(("Allow", allowed)) }
        return response
    }

    private func failure(_ error: any Error, _ request: PageRequest, now: Timestamp) -> PageResponse {
        let message = MessagePage(failure: error)
        var response = show("message", message.heading, nil, message, request, status: message.status, now: now)
        response.reason = "\(error)"
        return response
    }
}
