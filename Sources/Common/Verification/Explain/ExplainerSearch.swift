/// One search for the one change that makes a request verify. The most likely ones come first; the first that fits ends it.
struct ExplainerSearch {
    private let explainer: Explainer
    private let request: SignedRequest
    private let schemes: [Scheme]
    var trials: Trials
    private(set) var cause: Finding?
    private(set) var tried: [String] = []

    init(_ explainer: Explainer, _ request: SignedRequest, _ trials: Trials) {
        self.explainer = explainer
        self.request = request
        self.trials = trials
        schemes = explainer.provider.schemes.filter { $0.algorithm != .none }
    }

    mutating func run(_ failure: VerificationFailure) {
        switch failure {
        case .signatureMissing, .timestampMissing, .bodyUnreadable, .certificate, .certificateWanted: return
        case .headerUnreadable, .timestampOff, .signatureWrong: break
        }
        for search in searches(failure) where search.isMeant {
            cause = search.run(&self)
            if cause != nil { return }
            tried.append(search.name)
        }
    }

    private struct Search {
        let name: String
        /// False where it would change nothing.
        let isMeant: Bool
        let run: (inout ExplainerSearch) -> Finding?
    }

    private func searches(_ failure: VerificationFailure) -> [Search] {
        let (name, secrets) = (explainer.provider.source, explainer.secrets)
        let isLate = if case .timestampOff = failure { true } else { false }
        let hasInactive = secrets.contains { $0.source == name && $0.standing != .active }
        let hasOthers = explainer.tenant != nil && secrets.contains { $0.source == name && $0.tenant != explainer.tenant }
        return [
            Search(name: "the clock", isMeant: isLate) { $0.clock(failure) },
            Search(name: "secrets that do not count now", isMeant: hasInactive) { $0.inactive() },
            Search(name: "the other tenants' secrets", isMeant: hasOthers) { $0.otherTenants() },
            Search(name: "other sources' secrets", isMeant: secrets.contains { $0.source != name }) { $0.otherSources() },
            Search(name: "an empty secret", isMeant: true) { $0.emptySecret() },
            Search(name: "the provider's test secret", isMeant: explainer.provider.testSecret != nil) { $0.testSecret() },
            Search(name: "the secret copied otherwise", isMeant: true) { $0.secretText() },
            Search(name: "other algorithms, encodings and prefixes", isMeant: true) { $0.form() },
            Search(name: "the address", isMeant: schemes.contains(where: \.signsURL)) { $0.url() },
            Search(name: "other signed times", isMeant: schemes.contains { $0.signed.contains(.timestamp) }) { $0.time() },
            Search(name: "the body changed on the way", isMeant: schemes.contains(where: \.bindsBody)) { $0.body() },
        ]
    }

    private mutating func fits(_ secret: Bytes, _ request: SignedRequest? = nil) -> Bool {
        schemes.contains { trials.verifies(request ?? self.request, $0, secret) }
    }

    // MARK: Time

    private mutating func clock(_ failure: VerificationFailure) -> Finding? {
        guard case .timestampOff(let milliseconds) = failure, explainer.own.contains(where: { fits($0.secret.bytes) }) else { return nil }
        let seconds = abs(milliseconds) / 1000
        let (place, other) = milliseconds > 0 ? ("behind", "ahead of") : ("ahead of", "behind")
        return Finding(
            "clock_off",
            "The signature is right, but its time is \(seconds) s \(place) this machine's clock at arrival "
                + "(more than \(explainer.provider.tolerance) s is refused).",
            mend: "Either the request came late or again (a replay), or this machine's clock is \(other) the sender's: see `timedatectl`. "
                + "Of one saved long ago: say with --at when it came.", isCause: true)
    }

    private mutating func time() -> Finding? {
        for known in explainer.own {
            for variant in schemes.flatMap({ SchemeVariants.times(of: $0, in: request) })
            where trials.verifies(request, variant.scheme, known.secret.bytes) {
                return Finding(
                    "signed_time", "It verifies \(variant.words).",
                    mend: "The sender signs or writes its time otherwise. \(advice(variant))", isCause: true)
            }
        }
        return nil
    }

    /// Of a source of one's own the settings may be what is wrong.
    private func advice(_ variant: SchemeVariants.Variant) -> String {
        let provider = explainer.provider
        guard Catalogue.provider(for: provider.source) == nil, !variant.settings.isEmpty else {
            return "Compare the code that signs with what \(provider.title) documents."
        }
        let settings = variant.settings.map { "`sources.\(provider.source).scheme.\($0)`" }.joined(separator: " and ")
        return "If the sender is right, set \(settings)."
    }

    // MARK: Whose secret

    private mutating func inactive() -> Finding? {
        for known in explainer.secrets where known.source == explainer.provider.source {
            let (why, change) =
                switch known.standing {
                case .active: ("", "")
                case .inactive(let why): (why, "longer")
                case .early(let why): (why, "earlier")
                }
            guard known.standing != .active, fits(known.secret.bytes) else { continue }
            return Finding(
                "inactive_secret", "It is signed with a secret of tenant \(known.tenant) that does not count now: \(why).",
                mend: "Give the provider the present secret, or let this one (\(known.variable)) count \(change).", isCause: true)
        }
        return nil
    }

    private mutating func otherTenants() -> Finding? {
        guard let tenant = explainer.tenant else { return nil }
        let (name, others) = (explainer.provider.source, explainer.secrets)
        for known in others where known.source == name && known.tenant != tenant && known.standing == .active && fits(known.secret.bytes) {
            return Finding(
                "other_tenant", "It is signed with the secret of tenant \(known.tenant), and was sent to the address of tenant \(tenant).",
                mend:
                    "At the provider, set the address to /api/webhooks/\(name)/\(known.tenant)/ingest, or give tenant \(tenant) this secret.",
                isCause: true)
        }
        return nil
    }

    private mutating func otherSources() -> Finding? {
        for known in explainer.secrets where known.source != explainer.provider.source && fits(known.secret.bytes) {
            return Finding(
                "other_source",
                "It is signed as \(explainer.provider.title) does, with the secret that the settings hold for \(known.source), "
                    + "tenant \(known.tenant).",
                mend: "The secrets were mixed up: compare PROVIDER_SECRETS_\(explainer.provider.source.environmentSuffix) with "
                    + "PROVIDER_SECRETS_\(known.source.environmentSuffix).", isCause: true)
        }
        return nil
    }

    private mutating func emptySecret() -> Finding? {
        guard schemes.contains(where: { $0.algorithm != .token && $0.algorithm != .basic }), fits([]) else { return nil }
        return Finding(
            "empty_secret", "It is signed with an empty secret.", mend: "Set the secret at the provider: none is set there.", isCause: true)
    }

    private mutating func testSecret() -> Finding? {
        guard let secret = explainer.provider.testSecret, fits(Bytes(secret.utf8)) else { return nil }
        return Finding(
            "test_secret",
            "It is signed with the test key of \(explainer.provider.title)'s documents, by which it tries an address that is being set up.",
            mend: "Nothing is lost: anybody could sign so. Events are signed with the webhook's own secret.", isCause: true)
    }

    private mutating func secretText() -> Finding? {
        for known in explainer.own {
            for scheme in schemes {
                for variant in SecretVariants.all(of: known.secret.bytes, scheme.secretForm) {
                    var read = scheme
                    read.secretForm = variant.form
                    guard trials.verifies(request, read, variant.secret) else { continue }
                    return Finding(
                        "secret_text", "It verifies \(variant.words) (tenant \(known.tenant)).",
                        mend: "Copy the secret from the provider once more, alone and whole, into \(known.variable).", isCause: true)
                }
            }
        }
        return nil
    }

    // MARK: What was sent

    private mutating func form() -> Finding? {
        for known in explainer.own {
            for variant in schemes.flatMap(SchemeVariants.forms) where trials.verifies(request, variant.scheme, known.secret.bytes) {
                return Finding(
                    "signature_form",
                    "It verifies when the signature is read \(variant.words), which is not \(explainer.provider.title)'s form.",
                    mend: "Another program signs than the provider, or something on the way rewrites the header. \(advice(variant))",
                    isCause: true)
            }
        }
        return nil
    }

    private mutating func url() -> Finding? {
        for variant in URLVariants.all(of: request.url, request.headers) {
            let changed = SignedRequest(method: request.method, url: variant.url, headers: request.headers, body: request.body)
            guard explainer.own.contains(where: { fits($0.secret.bytes, changed) }) else { continue }
            return Finding(
                "url", "\(explainer.provider.title) signs the address. It verifies \(variant.words).",
                mend: "Set `public-url` to what the provider calls, or call the address exactly as nginx sees it.", isCause: true)
        }
        return nil
    }

    private mutating func body() -> Finding? {
        for variant in BodyVariants.all(of: request, fields: explainer.provider.formFields) {
            let changed = SignedRequest(method: request.method, url: request.url, headers: request.headers, body: variant.body)
            guard explainer.own.contains(where: { fits($0.secret.bytes, changed) }) else { continue }
            return Finding(
                "body", "The body is not the one that was signed. It verifies \(variant.words).",
                mend:
                    "Something on the way, or the program that saved or sends the request, rewrites the body. It must come byte for byte.",
                isCause: true)
        }
        return nil
    }
}

extension Scheme {
    /// Whether another address needs another signature.
    public var signsURL: Bool {
        if case .jwt(let claims) = algorithm, claims.contains(where: { if case .urlSHA256 = $0 { true } else { false } }) { return true }
        return bodyDigestInQuery != nil || (signed + (orSigned ?? [])).contains { [.url, .plivoURL, .contentfulPath].contains($0) }
    }
}
