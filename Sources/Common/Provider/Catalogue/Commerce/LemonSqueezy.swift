extension Provider {
    /// lmsqueezy/nextjs-billing, `src/app/api/webhook/route.ts`; it decodes the header's hex, so case does not matter.
    static let lemonSqueezy = Provider(
        "lemonsqueezy", "Lemon Squeezy", Scheme(in: .header(["x-signature"]), .hexAnyCase)
    ) {
        // No id is sent. The object's updated_at is within, so that an honest later event has another digest.
        $0.eventID = ["$.meta.event_name", "$.data.id", .digest]
        $0.eventType = ["$.meta.event_name"]  // unverified
        $0.occurredAt = .rfc3339(["$.data.attributes.updated_at", "$.data.attributes.created_at"])  // unverified
        $0.setup = "Settings > Webhooks > +; the secret as you type it there."
        $0.references = ["github:lmsqueezy/nextjs-billing src/app/api/webhook/route.ts"]
        $0.mappings = [
            lemonSqueezyEvent("customer_*", to: .userSync, subject: "customer", actorID: ["$.data.id"]),
            lemonSqueezyEvent("order_*", subject: "order"),
            lemonSqueezyEvent("subscription_payment_*", subject: "subscription_invoice"),
            lemonSqueezyEvent("subscription_*", subject: "subscription"),
            lemonSqueezyEvent("*", to: .keep, subject: nil),
        ]
    }
}

/// Where the person stands is unverified.
private func lemonSqueezyEvent(
    _ pattern: EventPattern, to route: Route = .orderEvent, subject: String?, actorID: [JSONPath] = ["$.data.attributes.customer_id"]
) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.data.id"], actorID: actorID,
        actorEmail: ["$.data.attributes.user_email", "$.data.attributes.email"],
        actorName: ["$.data.attributes.user_name", "$.data.attributes.name"], reason: ["$.data.attributes.status"],
        data: .object(at: "$.data.attributes"))
}
