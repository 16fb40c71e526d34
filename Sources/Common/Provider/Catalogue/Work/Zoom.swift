extension Provider {
    /// github.com/zoom/webhook-sample, `index.js`.
    ///
    /// The sample hashes the body after reading and writing it as JSON; Zoom signs the bytes as sent. Every 72 hours it asks the address to
    /// prove itself, and stops delivering where that fails. It waits 3 s and wants 200 or 204.
    static let zoom = Provider(
        "zoom", "Zoom",
        Scheme(
            in: .header(["x-zm-signature"]), as: .whole(prefix: "v0="), over: [.literal("v0:"), .timestamp, .literal(":"), .body],
            at: .init(.header(["x-zm-request-timestamp"]), .secondsOrMilliseconds))  // the unit is unverified
    ) {
        // No id at all. The body has its time in milliseconds, so that the digest swallows no honest repeat.
        $0.eventID = [.digest]
        $0.eventType = ["$.event"]
        $0.occurredAt = .milliseconds(["$.event_ts"])  // unverified
        $0.handshakes = [.zoomValidation]
        $0.answer = Acknowledgement(status: 200)
        $0.patience = .seconds(3)
        $0.retries = "Three times, after 5, 20 and 60 minutes."
        $0.setup = "Marketplace > the app > Features > Event Subscriptions; the secret is its secret token."
        $0.references = ["https://developers.zoom.us/docs/api/webhooks/", "github.com/zoom/webhook-sample index.js"]
        $0.mappings = [
            // Where the person stands is unverified, here and below.
            Mapping(
                "user.*", to: .userSync, subject: "user", subjectID: ["$.payload.object.id"], actorID: ["$.payload.object.id"],
                actorEmail: ["$.payload.object.email"], actorName: ["$.payload.object.display_name"],
                data: .object(at: "$.payload.object")),
            zoomRegistration("meeting.registration_*", subject: "meeting"), zoomRegistration("webinar.registration_*", subject: "webinar"),
            Mapping(
                "*", to: .keep, subject: "meeting", subjectID: ["$.payload.object.uuid", "$.payload.object.id"],
                actorID: ["$.payload.object.participant.user_id", "$.payload.operator_id", "$.payload.object.host_id"],
                actorEmail: ["$.payload.object.participant.email", "$.payload.operator"],
                actorName: ["$.payload.object.participant.user_name"], data: .object(at: "$.payload.object")),
        ]
    }
}

/// Where who registered stands is unverified.
private func zoomRegistration(_ pattern: EventPattern, subject: String) -> Mapping {
    Mapping(
        pattern, to: .orderEvent, subject: subject, subjectID: ["$.payload.object.id"], actorID: ["$.payload.object.registrant.id"],
        actorEmail: ["$.payload.object.registrant.email"], actorName: ["$.payload.object.registrant.first_name"],
        data: .object(at: "$.payload.object"))
}
