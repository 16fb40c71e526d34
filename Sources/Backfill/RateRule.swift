import Common
import Foundation
import Transport

/// What an answer says of when to ask again. Plain functions; the time is an argument.
enum RateRule {
    enum Verdict: Equatable {
        case good
        /// The same request again after so long. A limit's wait costs no try.
        case again(after: Duration, costsTry: Bool)
        case refused
    }

    static let mostTries = 6
    /// Waits that a limit asks for, one after another for one request: at no time at all each, it would be a loop.
    static let mostWaits = 100
    /// No wait is longer: twelve days.
    private static let longestWait: Int64 = 1_000_000_000

    /// - Parameter tries: those of this request that failed before.
    static func judge(_ response: HTTPResponse, tries: Int, now: Timestamp) -> Verdict {
        switch response.status {
        case 200..<300: .good
        case 429: .again(after: wait(response, now) ?? backoff(tries), costsTry: wait(response, now) == nil)
        // GitHub's limits: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
        case 403: wait(response, now).map { .again(after: $0, costsTry: false) } ?? .refused
        case 500...599: .again(after: wait(response, now) ?? backoff(tries), costsTry: true)
        default: .refused
        }
    }

    /// 1, 2, 4, … s.
    static func backoff(_ tries: Int) -> Duration { .seconds(1 << min(tries, 6)) }

    /// `Retry-After` in seconds (Shopify writes `2.0`) or as a date; GitHub's `x-ratelimit-reset` where nothing remains; HubSpot's interval.
    private static func wait(_ response: HTTPResponse, _ now: Timestamp) -> Duration? {
        if let text = response.header("retry-after") {
            if let seconds = Double(text), (0...1e6).contains(seconds) { return .milliseconds(Int64(seconds * 1000)) }
            return httpDate(text).map { .milliseconds(min(max(0, $0.milliseconds - now.milliseconds), longestWait)) }
        }
        if response.header("x-ratelimit-remaining") == "0",
            let reset = response.header("x-ratelimit-reset").flatMap({ Int64(decimalDigits: $0.utf8) })
        {
            let moment = Timestamp(seconds: reset)?.milliseconds ?? .max
            return .milliseconds(min(max(1000, moment - now.milliseconds), longestWait))
        }
        return nil
    }

    private static func httpDate(_ text: String) -> Timestamp? {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.date(from: text).map { Timestamp(milliseconds: Int64($0.timeIntervalSince1970 * 1000)) }
    }

    /// After an answer that was good: how long to leave the provider alone beyond its usual interval.
    ///
    /// Shopify's bucket: https://shopify.dev/docs/api/admin-rest/usage/rate-limits. HubSpot's headers:
    /// https://developers.hubspot.com/docs/api/usage-details.
    static func rest(after response: HTTPResponse, now: Timestamp) -> Duration {
        if let text = response.header("x-shopify-shop-api-call-limit") {
            let parts = text.split(separator: "/").compactMap { Int($0) }
            if parts.count == 2, parts[0] + 4 > parts[1] { return .seconds(2) }
        }
        if response.header("x-hubspot-ratelimit-remaining") == "0" {
            let interval = response.header("x-hubspot-ratelimit-interval-milliseconds").flatMap { Int64($0) }
            return .milliseconds(min(interval ?? 10_000, 60_000))
        }
        return response.header("x-ratelimit-remaining") == "0" ? wait(response, now) ?? .zero : .zero
    }
}
