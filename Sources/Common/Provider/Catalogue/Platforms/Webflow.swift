extension Provider {
    /// https://developers.webflow.com/data/docs/working-with-webhooks: webhooks made in the dashboard are not signed.
    static let webflow = Provider(
        "webflow", "Webflow",
        Scheme(
            in: .header(["x-webflow-signature"]), over: [.timestamp, .literal(":"), .body],
            at: .init(.header(["x-webflow-timestamp"]), .milliseconds))
    ) {
        // No id is sent; ids and times of what happened are in the payload.
        $0.eventID = [.digest]
        $0.eventType = ["$.triggerType"]  // unverified
        $0.answer = Acknowledgement(status: 200)
        $0.patience = .seconds(30)
        $0.retries = "Three times, 10 minutes apart."
        $0.setup = "Create the webhook through the API; the secret is the app's client secret, or the webhook's own secret key."
        $0.confidence = .secondary
        $0.references = [
            "github:hookdeck/webhook-skills webflow-webhooks", "https://developers.webflow.com/data/docs/working-with-webhooks",
        ]
        $0.mappings = [
            webflowEvent("ecomm_*", to: .orderEvent, subject: "order"),
            webflowEvent("users_account_*", to: .userSync, subject: "user"),
            webflowEvent("user_account_*", to: .userSync, subject: "user"),
            webflowEvent("*", to: .keep, subject: nil),
        ]
    }
}

/// Where the person stands is unverified.
private func webflowEvent(_ pattern: EventPattern, to route: Route, subject: String?) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.payload.orderId", "$.payload.id", "$.payload.siteId"],
        actorID: subject == "user" ? ["$.payload.id"] : [], actorEmail: ["$.payload.data.email", "$.payload.customerInfo.email"],
        actorName: ["$.payload.data.name", "$.payload.customerInfo.fullName"], reason: ["$.payload.status"], data: .object(at: "$.payload"))
}
