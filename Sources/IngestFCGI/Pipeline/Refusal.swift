import Common

/// Why a request is not taken. `description` is for our journal; a stranger sees the status and nothing of the reason.
enum Refusal: Error, Equatable, CustomStringConvertible {
    case headerUnreadable(String)
    case emptyBody
    case bodyIncomplete(expected: Int, got: Int)
    case badJSON(JSONError)
    case tooManyEvents(Int)
    case unknownPath
    case unknownSource(String)
    case unknownTenant(String)
    case address(String)
    case method(String, allowed: String)
    case bodyTooLarge(limit: Int)
    case mediaType(String)
    case notVerified(VerificationFailure)
    /// A secret was handed over that nobody waits for.
    case secretUnasked(source: SourceName)
    case busy
    case noSpace(free: Int, floor: Int)
    case storeFailed(String)

    var status: Int {
        switch self {
        case .headerUnreadable, .emptyBody, .bodyIncomplete, .badJSON, .tooManyEvents, .notVerified(.headerUnreadable): 400
        case .notVerified(.certificateWanted): 503
        case .notVerified, .secretUnasked: 401
        case .unknownPath, .unknownSource, .unknownTenant: 404
        case .address: 403
        case .method: 405
        case .bodyTooLarge: 413
        case .mediaType: 415
        case .busy, .noSpace, .storeFailed: 503
        }
    }

    /// A short tag for logs and metrics.
    var reason: String {
        switch self {
        case .headerUnreadable, .notVerified(.headerUnreadable): "header_unreadable"
        case .emptyBody: "empty_body"
        case .bodyIncomplete: "body_incomplete"
        case .badJSON: "bad_json"
        case .tooManyEvents: "too_many_events"
        case .unknownPath: "unknown_path"
        case .unknownSource: "unknown_source"
        case .unknownTenant: "unknown_tenant"
        case .address: "address"
        case .method: "method"
        case .bodyTooLarge: "body_too_large"
        case .mediaType: "media_type"
        case .notVerified(.signatureMissing): "signature_missing"
        case .notVerified(.timestampMissing): "timestamp_missing"
        case .notVerified(.timestampOff): "timestamp_off"
        case .notVerified(.signatureWrong): "signature_wrong"
        case .notVerified(.bodyUnreadable): "body_unreadable"
        case .notVerified(.certificate): "certificate"
        case .notVerified(.certificateWanted): "certificate_wanted"
        case .secretUnasked: "secret_unasked"
        case .busy: "busy"
        case .noSpace: "no_space"
        case .storeFailed: "store_failed"
        }
    }

    var description: String {
        switch self {
        case .headerUnreadable(let what): "header unreadable: \(what)"
        case .emptyBody: "the body is empty"
        case .bodyIncomplete(let expected, let got): "the body ended after \(got) of \(expected) bytes"
        case .badJSON(let error): "the body is not JSON: \(error)"
        case .tooManyEvents(let count): "\(count) events in one post"
        case .unknownPath: "no such path"
        case .unknownSource(let name): "source \(name.quotedForLog) is not known or has no secret; see PROVIDER_SECRETS_… in the settings"
        case .unknownTenant(let name): "tenant \(name.quotedForLog) has no secret for this source"
        case .address(let address): "\(address.quotedForLog) is none of the addresses that this source allows; see allow in the settings"
        case .method(let method, let allowed): "method \(method.quotedForLog); only \(allowed) is taken here"
        case .bodyTooLarge(let limit): "the body is larger than \(limit) bytes; raise body-limit here and client_max_body_size in nginx"
        case .mediaType(let type): "content type \(type.quotedForLog) is not what this provider sends"
        case .notVerified(let failure): failure.explanation
        case .secretUnasked(let source):
            "a secret was handed over that nobody waits for; if it is yours: gatepost secrets learn \(source) --tenant …, and send it again"
        case .busy: "too many requests wait; see why the store is slow, or raise ingest.max-waiting"
        case .noSpace(let free, let floor): "\(free) bytes are free on the store's disk, under the floor of \(floor)"
        case .storeFailed(let reason): reason
        }
    }
}

extension VerificationFailure {
    fileprivate var explanation: String {
        switch self {
        case .signatureMissing(let place): "no signature in \(place)"
        case .headerUnreadable(let header): "\(header) is malformed"
        case .timestampMissing(let place): "no timestamp in \(place)"
        case .timestampOff(let milliseconds):
            "the signed time is \(abs(milliseconds) / 1000) s \(milliseconds > 0 ? "old" : "ahead"); see that this machine's clock is right"
        case .signatureWrong:
            "no active secret gives this signature; gatepost rejected show says more; after a change of a secret reload ingest"
        case .bodyUnreadable: "the signature stands in the body, and the body cannot be read"
        case .certificate(let reason): reason
        case .certificateWanted: "the signing certificate is not at hand yet; gatepost-worker fetches it, see gatepost errands list"
        }
    }
}

extension String {
    /// What a stranger wrote, short and without control characters.
    fileprivate var quotedForLog: String {
        "\"" + String(prefix(64).map { $0.isASCII && !$0.isNewline && $0 >= " " ? $0 : "?" }) + "\""
    }
}
