extension Provider {
    /// github.com/calcom/cal.com, `packages/features/webhooks/lib/sendPayload.ts`.
    ///
    /// Without a secret the header says `no-secret-provided`, which no body's code equals. A template that is not JSON comes as a form.
    static let calCom = Provider("cal-com", "Cal.com", Scheme(in: .header(["x-cal-signature-256"]))) {
        $0.contentTypes["application/x-www-form-urlencoded"] = .form
        // No id: what happened, when, and to which booking (unverified); the digest for what a template leaves of them.
        $0.eventID = ["$.createdAt", "$.triggerEvent", .firstOf(["$.payload.uid", .digest])]
        $0.eventType = ["$.triggerEvent"]
        $0.occurredAt = .rfc3339(["$.createdAt"])
        $0.setup = "Settings > Developer > Webhooks > New; the secret as you type it there."
        $0.references = [
            "https://cal.com/docs/developing/guides/automation/webhooks",
            "github.com/calcom/cal.com packages/features/webhooks/lib/sendPayload.ts",
        ]
        $0.mappings = [
            Mapping(
                "BOOKING_*", to: .orderEvent, subject: "booking", subjectID: ["$.payload.uid", "$.payload.bookingId"],
                actorEmail: ["$.payload.attendees[0].email"], actorName: ["$.payload.attendees[0].name"],
                reason: ["$.payload.cancellationReason", "$.payload.rejectionReason"], data: .object(at: "$.payload")),
            Mapping(
                "*", to: .keep, subjectID: ["$.payload.uid"], actorEmail: ["$.payload.attendees[0].email"], data: .object(at: "$.payload")),
        ]
    }
}
