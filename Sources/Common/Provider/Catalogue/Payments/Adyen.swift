extension Provider {
    /// https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures and Adyen 16.0.0, `util.py`.
    ///
    /// A post is a batch, each item signed by itself; Adyen's helper looks at the first alone, we look at each. The key is hex.
    static let adyen = Provider(
        "adyen", "Adyen, payments",
        Scheme(
            in: .json("$.NotificationRequestItem.additionalData.hmacSignature"), .base64, over: adyenSigned, secret: .hex,
            eachElementOf: "$.notificationItems")
    ) {
        $0.events = "$.notificationItems"
        // Adyen's own advice for telling repeats apart: it sends no event id.
        $0.eventID = ["$.NotificationRequestItem.pspReference", "$.NotificationRequestItem.eventCode", "$.NotificationRequestItem.success"]
        $0.eventType = ["$.NotificationRequestItem.eventCode"]
        $0.occurredAt = .rfc3339(["$.NotificationRequestItem.eventDate"])
        // Tradition, unverified; a 2xx alone is accepted too.
        $0.answer = Acknowledgement(status: 200, contentType: "text/plain", body: "[accepted]")
        $0.setup = "Developers > Webhooks > Standard webhook, JSON; generate an HMAC key there: it is the secret, as hex."
        $0.unsigned =
            "Only references, account, amount, event code and success are signed: reason, date, payment method and all additional "
            + "data (the shopper too) are not."
        $0.references = [
            "https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures", "Adyen 16.0.0 Adyen/util.py",
        ]
        $0.mappings = [
            adyenEvent("REPORT_AVAILABLE", to: .keep),
            adyenEvent("*"),
        ]
    }

    /// Adyen 16.0.0, `is_valid_hmac_payload`: balance platform and management webhooks sign the whole body.
    static let adyenPlatform = Provider(
        "adyen-platform", "Adyen, platform and management",
        Scheme(in: .header(["hmacsignature"]), .base64, secret: .hex)  // the header's name is unverified
    ) {
        // No event id in the facts; a retry repeats the body, and its timestamps tell honest ones apart.
        $0.eventID = [.digest]
        $0.eventType = ["$.type"]  // unverified
        $0.occurredAt = .rfc3339(["$.timestamp", "$.createdAt"])  // unverified
        $0.setup = "Developers > Webhooks; generate an HMAC key there: it is the secret, as hex."
        $0.references = ["Adyen 16.0.0 Adyen/util.py is_valid_hmac_payload"]
        $0.mappings = [Mapping("*", to: .keep, subjectID: ["$.data.id"])]
    }
}

private let adyenSigned: [Scheme.Part] = [
    .json("$.NotificationRequestItem.pspReference"), .literal(":"), .json("$.NotificationRequestItem.originalReference"), .literal(":"),
    .json("$.NotificationRequestItem.merchantAccountCode"), .literal(":"), .json("$.NotificationRequestItem.merchantReference"),
    .literal(":"),
    .json("$.NotificationRequestItem.amount.value"), .literal(":"), .json("$.NotificationRequestItem.amount.currency"), .literal(":"),
    .json("$.NotificationRequestItem.eventCode"), .literal(":"), .json("$.NotificationRequestItem.success"),
]

/// The shopper is unverified, sent only where it is switched on, and not signed.
private func adyenEvent(_ pattern: EventPattern, to route: Route = .orderEvent) -> Mapping {
    Mapping(
        pattern, to: route, subject: "payment",
        subjectID: ["$.NotificationRequestItem.originalReference", "$.NotificationRequestItem.pspReference"],
        actorID: ["$.NotificationRequestItem.additionalData.shopperReference"],
        actorEmail: ["$.NotificationRequestItem.additionalData.shopperEmail"], reason: ["$.NotificationRequestItem.reason"],
        data: .object(at: "$.NotificationRequestItem"))
}
