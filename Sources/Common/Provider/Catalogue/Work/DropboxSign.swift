extension Provider {
    /// dropbox-sign 2.0.0, `event_callback_helper.py`. The JSON stands in the form field `json`, its signature within it.
    ///
    /// It sends again for days until it reads exactly `Hello API Event Received`. The signed time is the event's: one that is sent again
    /// later than 300 s after it is refused.
    static let dropboxSign = Provider(
        "dropbox-sign", "Dropbox Sign",
        Scheme(
            in: .json("$.event.event_hash"), over: [.json("$.event.event_time"), .json("$.event.event_type")],
            at: .init(.json("$.event.event_time"), .seconds), jsonField: "json")
    ) {
        // Which of these it sends is unverified.
        $0.contentTypes = [
            "multipart/form-data": .formField("json"), "application/x-www-form-urlencoded": .formField("json"), "application/json": .json,
        ]
        // No id: time and type are the same for all that happens in one second, so that the whole has to tell them apart.
        $0.eventID = [.digest]
        $0.eventType = ["$.event.event_type"]
        $0.occurredAt = .seconds(["$.event.event_time"])
        $0.answer = Acknowledgement(status: 200, contentType: "text/plain", body: "Hello API Event Received")
        $0.retries =
            "For days. The signed time is the event's own: what comes again later than the window is refused. After a "
            + "longer outage set `sources.dropbox-sign.tolerance`, then `gatepost rejected reverify --source dropbox-sign`."
        $0.setup = "API > Account callback, or the app's event callback; the secret is the API key."
        $0.unsigned = """
            All but the event's time and type: whoever reads one post in transit can change its content, and send more for 300 s.
            """
        $0.references = ["https://developers.hellosign.com/docs/events/walkthrough/", "dropbox-sign 2.0.0 event_callback_helper.py"]
        $0.mappings = [
            Mapping(
                "*", to: .keep, subject: "signature_request", subjectID: ["$.signature_request.signature_request_id"],
                actorID: ["$.event.event_metadata.related_signature_id"], actorEmail: ["$.signature_request.requester_email_address"],
                data: .object(at: "$.signature_request"))
        ]
    }
}
