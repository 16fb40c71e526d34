extension Provider {
    /// mollie-api-php, `SignatureValidator.php`: the header may stand several times while a secret is rolled, with `sha256=` or without.
    ///
    /// Classic webhooks (a form with an id alone) carry no signature; they are refused. A proxy may have joined the lines with commas.
    static let mollie = Provider(
        "mollie", "Mollie",
        Scheme(in: .repeatedHeader("x-mollie-signature"), as: .listPrefixOptional(separator: ",", prefix: "sha256="))
    ) {
        $0.eventID = ["$.id"]  // unverified, as are type and time
        $0.eventType = ["$.type"]
        $0.occurredAt = .rfc3339(["$.createdAt"])
        $0.setup =
            "Developers > Webhooks (next-gen) > Create; the secret is the signing secret. Classic webhooks, set per payment, are not signed."
        $0.references = ["github:mollie/mollie-api-php src/Webhooks/SignatureValidator.php"]
        $0.mappings = [
            mollieEvent("payment*", subject: "payment"),
            mollieEvent("subscription*", subject: "subscription"),
            mollieEvent("sales-invoice*", subject: "invoice"),
            mollieEvent("*", to: .keep, subject: nil),
        ]
    }
}

/// Unverified: the object is embedded where the webhook asks for it.
private func mollieEvent(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String?) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.entityId", "$._embedded.entity.id"],
        actorID: ["$._embedded.entity.customerId"], actorEmail: ["$._embedded.entity.billingAddress.email"],
        actorName: ["$._embedded.entity.billingAddress.givenName"], reason: ["$._embedded.entity.status"])
}
