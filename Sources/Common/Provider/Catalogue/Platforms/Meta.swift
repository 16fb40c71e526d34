extension Provider {
    /// https://developers.facebook.com/docs/graph-api/webhooks/getting-started, for Facebook, Instagram, Messenger and WhatsApp.
    ///
    /// The signature is over the bytes as sent, which Meta has already escaped. Up to 1000 updates a post, in arrays within arrays. The old
    /// SHA-1 header beside it is not looked at.
    static let meta = Provider(
        "meta", "Meta", Scheme(in: .header(["x-hub-signature-256"]), as: .whole(prefix: "sha256="), secret: .textOrVerifyToken)
    ) {
        $0.events = "$.entry"
        $0.unfold = [
            "$.entry", "$.entry[0].changes", "$.entry[0].messaging", "$.entry[0].changes[0].value.messages",
            "$.entry[0].changes[0].value.statuses",
        ]
        // Messages have ids, a message's statuses share it; other updates have nothing but their own text (entry and time are in it).
        $0.eventID = [
            .firstOf([
                "$.entry[0].changes[0].value.messages[0].id", "$.entry[0].changes[0].value.statuses[0].id",
                "$.entry[0].messaging[0].message.mid", .digest,
            ]),
            "$.entry[0].changes[0].value.statuses[0].status",
        ]
        $0.eventType = ["$.object", "$.entry[0].changes[0].field"]
        $0.occurredAt = .seconds([  // unverified
            "$.entry[0].changes[0].value.messages[0].timestamp", "$.entry[0].changes[0].value.statuses[0].timestamp", "$.entry[0].time",
        ])
        $0.handshakes = [.metaSubscription]
        $0.answer = Acknowledgement(status: 200)
        $0.retries = "For 36 hours, ever more slowly; WhatsApp for 7 days (told by others)."
        $0.setup =
            "App dashboard > Webhooks > subscribe to an object; the secret is the app secret. The verify token that you type there stands "
            + "beside it as verify:token (PROVIDER_SECRETS_META=shop:secret,shop:verify:token) and signs nothing."
        $0.confidence = .docs
        $0.references = ["https://developers.facebook.com/docs/graph-api/webhooks/getting-started", "pywa 4.5.0 pywa/utils.py"]
        $0.mappings = [
            Mapping(  // unverified
                "*", to: .keep, subjectID: ["$.entry[0].id"],
                actorID: [
                    "$.entry[0].changes[0].value.messages[0].from", "$.entry[0].messaging[0].sender.id",
                    "$.entry[0].changes[0].value.from.id",
                ],
                actorName: ["$.entry[0].changes[0].value.contacts[0].profile.name", "$.entry[0].changes[0].value.from.name"])
        ]
    }
}
