extension Provider {
    /// svix 2.9.1, `svix/webhooks.py`: header by header `svix-` counts before `webhook-`.
    static let svix = Provider("svix", "Svix", .standardWebhooks(prefixes: ["svix", "webhook"])) {
        $0.eventID = [.firstOf(["svix-id", "webhook-id"])]
        $0.eventType = ["$.type"]
        $0.patience = .seconds(15)
        $0.retries = "Eight times within 28 hours, the first after 5 s (unverified)."
        $0.setup = "For senders that use Svix; the secret is the endpoint's signing secret, whsec_…."
        $0.references = ["https://docs.svix.com/receiving/verifying-payloads/how", "svix 2.9.1 svix/webhooks.py"]
    }
}
