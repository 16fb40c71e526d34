import Common

extension Site {
    /// For Prometheus, which wants a status and no page of ours.
    func metrics(_ visit: Visit) -> PageResponse {
        guard ["GET", "HEAD"].contains(visit.request.method) else {
            return PageResponse(status: 405, contentType: "text/plain; charset=utf-8", fields: [("Allow", "GET, HEAD")])
        }
        do {
            let text = try MetricsPage.text(store(visit), visit.settings, now: visit.now)
            return PageResponse(contentType: MetricText.contentType, body: Bytes(text.utf8))
        } catch {
            return PageResponse(status: 503, contentType: "text/plain; charset=utf-8", reason: "\(error)")
        }
    }
}
