import Common
import Foundation
import Serving

/// One thread that takes a request, answers it, and takes the next. Pages are for a few people: who comes while all threads are at work
/// waits in the socket's backlog.
struct PageServer {
    static let threads = 4

    let settings: CurrentSettings
    let token: FormToken
    let listener: ListeningSocket
    let stop: StopSignal

    /// Returns when `stop` was given.
    func run() {
        let site = Site(settings: settings, token: token)
        while waitForCaller() {
            guard let descriptor = listener.accept() else { continue }
            serve(Exchange(descriptor: descriptor), by: site)
        }
    }

    /// False when we are to end.
    private func waitForCaller() -> Bool {
        var polled = [listener.descriptor, stop.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = poll(&polled, nfds_t(polled.count), -1)
        return !stop.isGiven
    }

    private func serve(_ exchange: Exchange, by site: Site) {
        guard let request = exchange.receive() else { return }
        let began = ContinuousClock.now
        let response = site.answer(request, now: WallClock.system.now())
        exchange.answer(response.bytes(to: request))
        // A scrape every few seconds that goes well is no news.
        if request.path == MetricsPage.path, response.status < 400 { return }
        let line = LogLine("page", level: response.status >= 500 ? .error : .info, at: WallClock.system.now())
            .with("method", request.method).with("path", String(request.path.prefix(200))).with("status", Int64(response.status))
            .with("user", request.user).with("remote", request.remoteAddress).with("request_id", request.requestID)
            .with("latency_ms", (ContinuousClock.now - began).milliseconds).with("reason", response.reason)
        LogSink.write([line])
    }
}
