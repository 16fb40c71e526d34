import Common
import Transport

/// What an answer means for the errand. Reads no clock.
struct ErrandJudge {
    /// Larger answers are no certificate.
    static let mostBytes = 64 << 10
    /// Of a certificate: the last is about four minutes after the first. The provider's next post begins anew.
    static let certificateTries = 5
    /// Hourly, to renew one that is at hand. Whoever still sends by it then has it asked for anew.
    static let renewalTries = 200
    /// A subscription's token is good for three days.
    static let confirmationTime: Duration = .seconds(3 * 86_400)
    /// So long a URL that led nowhere is not gone to again, whoever names it.
    static let failedKept: Duration = .seconds(600)
    static let failedConfirmationKept: Duration = .seconds(7 * 86_400)
    static let renewal: Duration = .seconds(7 * 86_400)

    let anchors: TrustAnchors
    let now: Timestamp

    func judge(_ errand: Errand, _ result: Result<HTTPResponse, TransportError>) -> ErrandVerdict {
        switch result {
        case .failure(let error): return again(errand, nil, "\(errand.host): \(error)")
        case .success(let response):
            switch response.status {
            case 200..<300: return errand.kind == .confirmation ? .confirmed(status: response.status) : take(errand, response)
            case 408, 425, 429, 500...: return again(errand, response.status, "\(errand.host) answered \(response.status)")
            case 300..<400:
                return fail(errand, response.status, "\(errand.host) sent us elsewhere (\(response.status)), where we do not go")
            default: return fail(errand, response.status, "\(errand.host) answered \(response.status)\(errand.advice)")
            }
        }
    }

    /// Its URL is not, or no longer, one that we go to.
    func refuse(_ errand: Errand) -> ErrandVerdict { fail(errand, nil, "its URL is not the provider's") }

    private func take(_ errand: Errand, _ response: HTTPResponse) -> ErrandVerdict {
        guard response.body.count <= Self.mostBytes else {
            return fail(errand, response.status, "\(errand.host) sent more than \(Self.mostBytes) bytes")
        }
        let pem = String(decoding: response.body, as: UTF8.self)
        guard let rule = Catalogue.provider(for: errand.source)?.certificateRule, let end = rule.end(ofPEM: pem) else {
            return fail(errand, response.status, "\(errand.host) sent no certificate")
        }
        if let fault = rule.fault(ofPEM: pem, trusting: anchors, now: now) {
            return fail(errand, response.status, "the certificate of \(errand.host): \(fault)")
        }
        return .certificate(pem: pem, expires: end, due: renewal(before: end), status: response.status)
    }

    /// A week from now, or a day before its end; yet not at once, when that is near.
    private func renewal(before end: Timestamp) -> Timestamp {
        let dayBefore = end + .seconds(-86_400)
        return max(min(now + Self.renewal, dayBefore), now + .seconds(3600))
    }

    private func again(_ errand: Errand, _ status: Int?, _ error: String) -> ErrandVerdict {
        switch (errand.kind, errand.status) {
        // The copy at hand is good until its own end, which verification sees to.
        case (.certificate, .done):
            errand.attempts < Self.renewalTries
                ? .retry(at: now + .seconds(3600), status: status, error: error) : fail(errand, status, error)
        case (.certificate, _):
            errand.attempts < Self.certificateTries
                ? .retry(at: now + wait(after: errand.attempts), status: status, error: error) : fail(errand, status, error)
        case (.confirmation, _):
            now < errand.wantedAt + Self.confirmationTime
                ? .retry(at: now + wait(after: errand.attempts), status: status, error: error) : fail(errand, status, error)
        }
    }

    private func fail(_ errand: Errand, _ status: Int?, _ error: String) -> ErrandVerdict {
        let kept = errand.kind == .certificate ? Self.failedKept : Self.failedConfirmationKept
        return .failed(forgottenAt: now + kept, status: status, error: error)
    }

    /// 5, 15, 45, 135 s, and so on to an hour.
    private func wait(after tries: Int) -> Duration {
        .seconds((1..<max(1, min(tries, 8))).reduce(Int64(5)) { seconds, _ in min(seconds * 3, 3600) })
    }
}

extension Errand {
    /// Where it leads, for people: the rest of a confirmation's URL is a token.
    var host: String { String(url.split(separator: "/").dropFirst().first ?? "") }

    fileprivate var advice: String {
        kind == .confirmation ? "; the token may be over: have the topic ask for confirmation again" : ""
    }
}
