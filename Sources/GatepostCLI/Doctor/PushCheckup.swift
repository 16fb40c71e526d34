import Common
import Delivery
import Foundation
import Transport

/// A batch without items, posted as the worker posts. What stands between here and the plugin lets it through, the plugin lets us in and
/// refuses it for being empty: the last leg is whole, and nothing is changed there.
struct PushCheckup: Checkup {
    let tenant: TenantName
    let url: String
    let answer: Result<HTTPResponse, TransportError>

    var findings: [Finding] {
        let name = "push \(tenant)"
        switch answer {
        case .failure(let error): return [.fail(name, "\(url): \(error)", fix: "as \"wordpress \(tenant)\" above")]
        case .success(let response):
            let code = (try? JSONDocument(response.body))?.root["code"]?.string
            guard response.status != 400 || code != "gatepost_invalid" else {
                return [.pass(name, "a batch without items reached the plugin at \(url), which refused it for that alone")]
            }
            let failure = Diagnosis.failure(of: response, at: url)
            return [.fail(name, failure.text, fix: "docs/operating.md, \"What a cause means\": \(failure.cause)")]
        }
    }

    static func gather(_ tenant: TenantName, _ wordpress: Settings.WordPress, now: Timestamp) -> PushCheckup {
        let answer: Result<HTTPResponse, TransportError>
        do {
            answer = Exchange.run(try wordpress.emptyBatch(requestID: UUID().uuidString.lowercased(), now: now))
        } catch {
            answer = .failure(TransportError(kind: .other, text: "\(error)"))
        }
        return PushCheckup(tenant: tenant, url: wordpress.baseURL, answer: answer)
    }
}

extension Settings.WordPress {
    /// `POST …/batch`, with all that a push has but an item.
    func emptyBatch(requestID: String, now: Timestamp) throws(CryptoError) -> HTTPRequest {
        let body = Bytes(#"{"items":[]}"#.utf8)
        let headers = [
            (name: "Content-Type", value: "application/json"), ("Accept", "application/json"), ("X-Request-Id", requestID),
            ("Idempotency-Key", requestID),
        ]
        return HTTPRequest(
            method: "POST", url: "\(baseURL)/wp-json/ai-guy/v1/batch",
            headers: headers + (try credentials(over: body, for: ["batch"], now: now)),
            body: body, caFile: caFile)
    }
}
