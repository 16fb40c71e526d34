extension Provider {
    /// Of the scheme that proves by a certificate, if it has one.
    public var certificateScheme: Scheme? {
        schemes.first { if case .certificate = $0.algorithm { true } else { false } }
    }

    public var certificateRule: Scheme.CertificateRule? {
        guard case .certificate(let rule)? = certificateScheme?.algorithm else { return nil }
        return rule
    }
}

extension Scheme.CertificateRule {
    public func owns(certificateAt text: String) -> Bool {
        CertificateURL(Bytes(text.utf8)).map(owns) ?? false
    }

    func owns(_ url: CertificateURL) -> Bool {
        switch self {
        case .payPal: url.isPayPal
        case .sns: url.isSNS
        }
    }

    /// Whether a GET there confirms a subscription, and does nothing else. Its signature says that Amazon wrote the URL; this says where
    /// it leads.
    public func owns(confirmationAt text: String) -> Bool {
        guard self == .sns, let url = CertificateURL(Bytes(text.utf8), longest: 2048), url.isSNSHost, url.path.hasPrefix("/?"),
            let fields = FormFields(Bytes(url.path.dropFirst(2).utf8))
        else { return false }
        let names = fields.fields.map(\.name)
        guard Set(names).count == names.count else { return false }
        return fields.value("Action") == Bytes("ConfirmSubscription".utf8) && fields.value("Token")?.isEmpty == false
            && fields.value("TopicArn")?.isEmpty == false
    }

    /// Whether the certificate's chain must lead to an authority that this machine trusts. Amazon's documents ask for nothing beyond its
    /// own host over HTTPS, and the file there holds no chain.
    public var needsChain: Bool { self == .payPal }
}
