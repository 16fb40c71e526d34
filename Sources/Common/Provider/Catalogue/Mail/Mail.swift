extension Catalogue {
    /// Mail and marketing.
    static let mail: [Provider] = [
        .hubspot, .hubspotV1, .hubspotV2, .mandrill, .mailchimp, .mailgun, .sendgrid, .postmark, .brevo, .mailersend, .mailtrap, .klaviyo,
        .activeCampaign,
        .resend,
    ]
}
