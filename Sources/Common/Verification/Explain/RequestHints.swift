/// What stands in a refused request, or is missing, without any signature made.
struct RequestHints {
    let explainer: Explainer
    let request: SignedRequest
    let underscored: [String]
    let now: Timestamp

    private var provider: Provider { explainer.provider }

    func findings(_ failure: VerificationFailure) -> [Finding] {
        let own: [Finding] =
            switch failure {
            case .signatureMissing(let place): missing(place)
            case .headerUnreadable(let header): unreadable(header)
            case .timestampMissing(let place):
                [Finding("time_missing", "There is no time in \(place).", mend: dropAdvice, isCause: true)] + dropped(place)
            case .timestampOff(let milliseconds):
                shape + [
                    Finding(
                        "time_off",
                        "Its time is \(abs(milliseconds) / 1000) s off as well, and more than \(provider.tolerance) s is refused.")
                ]
            case .signatureWrong: shape + testMode
            case .bodyUnreadable:
                [
                    Finding(
                        "body_unreadable", "The signature stands in the body, and the body cannot be read.", mend: lookAtSender,
                        isCause: true)
                ]
            case .certificateWanted:
                [
                    Finding(
                        "certificate_wanted", "Its certificate is not at hand.",
                        mend: "gatepost-worker fetches it, and the provider sends again; `gatepost errands` says how far it is.",
                        isCause: true)
                ]
            case .certificate(let reason): [Finding("certificate", "The certificate does not prove it: \(reason).", isCause: true)]
            }
        return own + secrets + length + (failure == .signatureWrong ? tried : [])
    }

    private var lookAtSender: String { "Look at who sends it, and as what." }
    private var dropAdvice: String {
        "See that no proxy drops the header, and that \(provider.title) is what calls this address."
    }

    // MARK: Headers

    private func missing(_ place: String) -> [Finding] {
        var found = dropped(place)
        for name in provider.signatureHeaders where request.headers.values(of: name).contains(where: \.isEmpty) {
            found.append(Finding("header_empty", "The header \(name) is there and empty.", mend: dropAdvice, isCause: true))
        }
        if let meant = meantFor { found.append(meant) }
        let others = lookalikes
        if !others.isEmpty {
            let names = others.map { "\($0.title) (\($0.header))" }.joined(separator: ", ")
            found.append(
                Finding("looks_like", "It has signature headers of another provider: \(names).", mend: "Is the address the right one?"))
        }
        let none = others.isEmpty ? " Nor is there any other provider's signature header." : ""
        found.append(
            Finding(
                "signature_missing", "There is no signature in \(place).\(none)",
                mend: "Set a secret for this webhook at the provider. \(dropAdvice) nginx drops headers with underscores in their names.",
                isCause: found.isEmpty && others.isEmpty))
        return found
    }

    /// nginx drops a header with an underscore in its name (`underscores_in_headers`).
    private func dropped(_ place: String) -> [Finding] {
        underscored.filter { name in
            let asSent = name.lowercased().replacing("_", with: "-")
            return provider.signatureHeaders.contains(asSent) || asSent == place
        }.map { name in
            Finding(
                "underscores", "The header \(name) is written with underscores: nginx drops it before ingest sees it.",
                mend: "Send it with dashes, as the provider documents.", isCause: true)
        }
    }

    private func unreadable(_ header: String) -> [Finding] {
        let values = request.headers.values(of: header)
        guard values.count > 1 else {
            return [
                Finding("header_malformed", "The header \(header) is not of the form that \(provider.title) documents.", mend: lookAtSender)
            ]
        }
        return [
            Finding(
                "header_twice", "The header \(header) stands \(values.count) times; it must stand once.",
                mend: "Something on the way adds it a second time.", isCause: true)
        ]
    }

    /// Another provider of the settings to whose address it would have belonged.
    private var meantFor: Finding? {
        for source in Set(explainer.secrets.map(\.source)).sorted() where source != provider.source {
            guard let other = Catalogue.provider(for: source), other.signatureHeaders.contains(where: { request.headers.single($0) != nil })
            else { continue }
            let explanation = Explainer(other, tenant: nil, secrets: explainer.secrets, certificates: explainer.certificates)
            guard case .success(let tenant) = explanation.verdictAtAnyTime(on: request, now: now) else { continue }
            return Finding(
                "meant_for", "It is a request of \(other.title), signed with the secret of tenant \(tenant).",
                mend: "At \(other.title), set the address to /api/webhooks/\(source)/\(tenant)/ingest.", isCause: true)
        }
        return nil
    }

    private var lookalikes: [(title: String, header: String)] {
        let generic: Set = ["authorization", "x-signature", "signature", "x-api-key"]
        let found = Catalogue.providers.filter { $0.source != provider.source }.compactMap { other -> (String, String)? in
            let name = other.signatureHeaders.first { !generic.contains($0) && !request.headers.values(of: $0).isEmpty }
            return name.map { (other.title, $0) }
        }
        return Array(found.prefix(4))
    }

    // MARK: Secrets, lengths

    private var secrets: [Finding] {
        let suffix = provider.source.environmentSuffix
        var found: [Finding] = []
        if explainer.own.isEmpty {
            let whose = explainer.tenant.map { "Tenant \($0)" } ?? "The source"
            found.append(
                Finding(
                    "no_secret", "\(whose) has no active secret for \(provider.source).",
                    mend: waiting ?? "Set PROVIDER_SECRETS_\(suffix).",
                    isCause: true))
        }
        for known in explainer.own where !provider.takes(known.secret) {
            found.append(
                Finding(
                    "secret_unusable", "A secret of tenant \(known.tenant) is not of the form that \(provider.title) gives out.",
                    mend: "`gatepost providers \(provider.source)` says what it looks like."))
        }
        return found
    }

    /// By which secrets it was judged: one of them may be mistyped here.
    private var tried: [Finding] {
        let names = explainer.own.filter { !$0.place.isEmpty }.map { "\($0.place) (\($0.fingerprint))" }
        guard !names.isEmpty else { return [] }
        let more = names.count > 5 ? " and \(names.count - 5) more" : ""
        return [
            Finding(
                "secrets_tried", "It was judged by \(names.prefix(5).joined(separator: ", "))\(more).",
                mend:
                    "`gatepost secrets list --source \(provider.source)` says when each verified last: one that never did may be mistyped.")
        ]
    }

    /// Where there are secrets, but none that counts now.
    private var waiting: String? {
        let others = explainer.secrets.filter { $0.source == provider.source && (explainer.tenant == nil || $0.tenant == explainer.tenant) }
        guard !others.isEmpty else { return nil }
        return "Let \(others.map(\.variable).joined(separator: " or ")) count now: see `gatepost secrets list`."
    }

    private var length: [Finding] {
        guard let declared = request.declaredLength, declared != request.body.count else { return [] }
        let relation = declared > request.body.count ? "The body is cut off" : "The body is longer than it says"
        return [
            Finding(
                "length", "\(relation): Content-Length is \(declared), and there are \(request.body.count) bytes.",
                mend: "Save the request whole, with an editor that adds no line end.")
        ]
    }

    private var testMode: [Finding] {
        guard let mark = provider.testMode, request.document?.root.value(at: mark.path)?.scalarText == mark.equals else { return [] }
        return [
            Finding(
                "test_mode",
                "It is an event of \(provider.title)'s test mode (\(mark.path) is \(mark.equals)), which has secrets of its own.",
                mend: "If you want test events, add that endpoint's secret, as of a tenant of its own; else switch the endpoint off there.")
        ]
    }

    /// What the signature's length says of its making.
    private var shape: [Finding] {
        guard let scheme = provider.schemes.first, case .hmac(let hash) = scheme.algorithm,
            let signature = (try? Message(scheme: scheme, request: request, root: request.document?.root).presented())?.signatures.first
        else { return [] }
        let expected = scheme.encode(Bytes(repeating: 0, count: hash.size)).count
        guard signature.count != expected else { return [] }
        let likely = HMACKey.Hash.allCases.first { $0.size * 2 == signature.count && Hex.decode(signature) != nil }
        let hint = likely.map { ", as \($0.rawValue) in hex has" } ?? ""
        return [
            Finding(
                "signature_length", "The signature has \(signature.count) characters\(hint); \(provider.title)'s have \(expected).",
                mend: lookAtSender)
        ]
    }
}

extension Explainer {
    fileprivate func verdictAtAnyTime(on request: SignedRequest, now: Timestamp) -> Result<TenantName, VerificationFailure> {
        var trials = Trials(certificates: certificates, now: now)
        for known in own {
            for scheme in provider.schemes where scheme.algorithm != .none && trials.verifies(request, scheme, known.secret.bytes) {
                return .success(known.tenant)
            }
        }
        return .failure(.signatureWrong)
    }
}

extension HMACKey.Hash {
    /// Bytes of a code.
    fileprivate var size: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }
}
