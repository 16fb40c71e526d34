import Common
import Delivery
import Foundation
import Transport

/// From WordPress's answer to what becomes of each item. Reads no clock; randomness comes in.
struct Judge {
    let tries: Int
    var backoff = Backoff()
    /// The tenant's base URL, for people.
    let site: String
    let now: Timestamp
    /// 0 up to 1, asked once an item.
    let random: () -> Double

    /// What became of a whole request.
    enum Outcome {
        case settled([Verdict])
        /// One item of several may have turned a firewall or a limit against all, or all are refused for what no item has done: try them in
        /// smaller requests, at no cost to anybody.
        case split(PushFailure)
    }

    /// The longest time that `Retry-After` may ask of us. WordPress's maintenance page asks for ten minutes whatever it does, and an update
    /// takes seconds.
    static func longestWait(_ status: Int) -> Duration { status == 503 ? .seconds(60) : .seconds(3600) }

    func judge(_ result: Result<HTTPResponse, TransportError>, items: [PushItem]) -> Outcome {
        switch result {
        case .failure(let error):
            return .settled(items.map { retry($0, Diagnosis.failure(of: error, at: site)) })
        case .success(let response) where (200..<300).contains(response.status):
            return .settled(perItem(response, items))
        case .success(let response):
            let failure = Diagnosis.failure(of: response, at: site)
            if items.count > 1, [400, 401, 403, 404, 406, 413, 422].contains(response.status) { return .split(failure) }
            let wait = Self.retryAfter(response, now: now)
            return .settled(items.map { verdict(for: $0, status: response.status, failure, wait: wait) })
        }
    }

    /// The contract: 409, 429 and 5xx are tried again, other 4xx fail at once. A redirect is not followed: it turns POST into GET.
    private func verdict(for item: PushItem, status: Int, _ failure: PushFailure, wait: Timestamp?) -> Verdict {
        guard status == 409 || status == 429 || !(400..<500).contains(status) else { return .dead(failure) }
        if let wait { return .retry(at: wait, countsTry: false, failure: failure) }
        return retry(item, failure)
    }

    private func retry(_ item: PushItem, _ failure: PushFailure) -> Verdict {
        let answered = item.push.attempts + 1
        guard answered < tries else { return .dead(failure) }
        return .retry(at: now + backoff.delay(after: answered, random: random()), countsTry: true, failure: failure)
    }

    private func perItem(_ response: HTTPResponse, _ items: [PushItem]) -> [Verdict] {
        guard let results = BatchResults(response.body, count: items.count) else {
            return items.map { retry($0, Diagnosis.failure(of: response, at: site)) }
        }
        return zip(items, results.list).map { item, result in
            guard result.key == item.push.key else {
                return retry(
                    item, PushFailure(cause: "not_wordpress_json", text: "the answer names other keys than we sent", httpStatus: 200))
            }
            if (200..<300).contains(result.status), result.outcome != "refused" { return .done(httpStatus: result.status) }
            let failure = PushFailure(cause: result.cause, text: result.error ?? "refused", httpStatus: result.status)
            // The plugin had no time left and did not begin it: no try of this item's.
            if result.status == 503, result.cause == "gatepost_out_of_time" {
                return .retry(at: now + .seconds(1), countsTry: false, failure: failure)
            }
            return verdict(for: item, status: result.status, failure, wait: nil)
        }
    }

    /// RFC 9110, 10.2.3: seconds, or a date. Nil where it asks for no time at all: that would be a loop without a pause.
    static func retryAfter(_ response: HTTPResponse, now: Timestamp) -> Timestamp? {
        guard [429, 503].contains(response.status), let text = response.header("retry-after") else { return nil }
        let limit = longestWait(response.status)
        let latest = now + limit
        if let seconds = Int64(decimalDigits: text.utf8) {
            guard seconds > 0 else { return nil }
            return seconds > limit.components.seconds ? latest : now + .seconds(seconds)
        }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let date = format.date(from: text) else { return nil }
        let moment = Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
        return moment > now ? min(latest, moment) : nil
    }
}

/// The batch route's answer, one result an item, in order.
struct BatchResults {
    struct Item {
        let key: String
        let status: Int
        let outcome: String
        let error: String?

        /// `gatepost_email_taken: words` and `gatepost_email_taken` both say their cause first.
        var cause: String {
            let word = error?.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } ?? ""
            return word.isEmpty ? "http_\(status)" : String(word)
        }
    }

    let list: [Item]

    /// Nil unless the text is the plugin's own JSON with exactly that many results.
    init?(_ body: Bytes, count: Int) {
        guard let root = (try? JSONDocument(body))?.root, let results = root["results"], results.isArray else { return nil }
        list = results.elements.compactMap { result in
            guard let key = result["idempotency_key"]?.string, let status = result["status"]?.integer,
                let outcome = result["outcome"]?.string
            else { return nil }
            return Item(key: key, status: Int(truncatingIfNeeded: status), outcome: outcome, error: result["error"]?.string)
        }
        guard list.count == count else { return nil }
    }
}
