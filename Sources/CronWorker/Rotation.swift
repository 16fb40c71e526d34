import Common
import Delivery
import Transport

extension Worker {
    /// Where WordPress has another shared secret by now and we were given two, the second signs from here on. Nobody's try.
    /// - Returns: whether the batch is settled so.
    func turnToNextSecret(_ batch: Batch, _ result: Result<HTTPResponse, TransportError>, now: Timestamp) throws -> Bool {
        let endpoint = endpoints[batch.endpoint]
        guard !endpoint.signsWithNext, let next = endpoint.wordpress.nextSecret, case .success(let response) = result,
            response.status == 401
        else { return false }
        let failure = Diagnosis.failure(of: response, at: endpoint.wordpress.baseURL)
        // A token that a key of its own signs says nothing of the shared secret.
        let isSecrets = failure.cause == "gatepost_token_wrong" && endpoint.wordpress.signingKey == nil
        guard isSecrets || failure.cause == "gatepost_signature_wrong" else { return false }
        endpoints[batch.endpoint].signsWithNext = true
        endpoints[batch.endpoint].wordpress.sharedSecret = next
        let verdict = Verdict.retry(at: now, countsTry: false, failure: failure)
        try queue.settle(
            batch.items.map { ($0.push, verdict) }, lease: batch.lease, counts: Counters(result, of: endpoint.tenant), now: now)
        try note(.unknown, of: batch, now: now)
        LogSink.write([
            LogLine(
                "\(endpoint.wordpress.baseURL) takes HMAC_SHARED_SECRET no more: HMAC_SHARED_SECRET_NEXT signs", level: .notice, at: now
            )
            .with("tenant", endpoint.tenant.description)
        ])
        return true
    }
}
