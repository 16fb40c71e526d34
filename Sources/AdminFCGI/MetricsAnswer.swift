import Common

extension Site {
    /// For Prometheus, which wants a status and no page of ours.
    func metrics(_ request: PageRequest, now: Timestamp) -> PageResponse {
        guard request.method == "GET" || request.method == "HEAD" else {
            return PageResponse(status: 405, contentType: "text/plain; charset=utf-8", fields: [("Allow", "GET, HEAD")])
        }
        do {
            let text = try MetricsPage.text(store(), settings.settings, now: now)
            return PageResponse(contentType: MetricText.contentType, body: Bytes(text.utf8))
        } catch {
            return PageResponse(status: 503, contentType: "text/plain; charset=utf-8", reason: "\(error)")
        }
    }
}
