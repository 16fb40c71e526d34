extension Provider {
    /// https://cloudinary.com/documentation/notification_signatures and cloudinary 1.46.3, `utils.py`.
    ///
    /// A plain hash with the secret at its end, SHA-1 or SHA-256 as the account is set. Cloudinary's own window is two hours.
    static let cloudinary = Provider(
        "cloudinary", "Cloudinary",
        Scheme(
            .anyDigest([.sha1, .sha256]), in: .header(["x-cld-signature"]), over: [.body, .timestamp, .secret],
            at: .init(.header(["x-cld-timestamp"]), .seconds, tolerance: .seconds(7200)))
    ) {
        // No id is sent; an asset's version and times are in the body.
        $0.eventID = ["$.notification_type", .digest]
        $0.eventType = ["$.notification_type"]
        $0.occurredAt = .rfc3339(["$.timestamp", "$.created_at"])
        $0.setup = "Settings > Webhook Notifications, or notification_url per call; the secret is the account's API secret."
        $0.references = ["cloudinary 1.46.3 cloudinary/utils.py verify_notification_signature"]
        $0.mappings = [Mapping("*", to: .keep, subject: "asset", subjectID: ["$.asset_id", "$.public_id"])]
    }
}
