/// What a site's users and orders do not need of a provider's events: postal addresses, telephone numbers, cards, browsers and IP
/// addresses. Ids, e-mail addresses, names and amounts stay.
enum PrivacyPresets {
    static let name = "no-addresses"

    static func rules(for source: SourceName) -> [PrivacyRule]? {
        switch source.description {
        case "stripe": drop(stripe)
        case "shopify", "shopify-events": drop(shopify)
        case "woocommerce": drop(woocommerce)
        case "hubspot": hubspot
        case "paypal": drop(paypal)
        case "github": drop(github)
        default: nil
        }
    }

    static let sources = ["github", "hubspot", "paypal", "shopify", "shopify-events", "stripe", "woocommerce"]

    /// https://docs.stripe.com/api: customer, charge, invoice, checkout session.
    private static let stripe = [
        "$..address", "$..phone", "$..shipping", "$..shipping_details", "$..shipping_address_collection", "$..collected_information",
        "$..payment_method_details", "$..card", "$..source", "$..sources", "$..customer_address", "$..customer_phone",
        "$..customer_shipping", "$..customer_tax_ids", "$..tax_ids", "$..ip_address", "$..receipt_url", "$..hosted_invoice_url",
        "$..invoice_pdf", "$..client_secret",
    ]

    /// https://shopify.dev/docs/api/admin-rest: customer, order.
    private static let shopify = [
        "$..addresses", "$..default_address", "$..billing_address", "$..shipping_address", "$..phone", "$..browser_ip", "$..client_details",
        "$..payment_details", "$..sms_marketing_consent", "$..note", "$..note_attributes", "$..landing_site", "$..referring_site",
        "$..order_status_url", "$..cart_token", "$..checkout_token",
    ]

    /// https://woocommerce.github.io/woocommerce-rest-api-docs: customer, order.
    private static let woocommerce = [
        "$.billing.address_1", "$.billing.address_2", "$.billing.city", "$.billing.state", "$.billing.postcode", "$.billing.phone",
        "$.billing.company", "$.shipping", "$.customer_ip_address", "$.customer_user_agent", "$.customer_note", "$.avatar_url",
        "$.meta_data", "$.payment_url", "$.order_key",
    ]

    /// https://developer.paypal.com/api/rest/webhooks
    private static let paypal = [
        "$..address", "$..shipping_address", "$..shipping", "$..phone", "$..phone_with_type", "$..birth_date", "$..tax_info",
    ]

    private static let github = [
        "$..email", "$.head_commit.author", "$.head_commit.committer", "$.commits[*].author", "$.commits[*].committer",
    ]

    /// A property at a time: https://developers.hubspot.com/docs/api/webhooks
    private static let hubspot: [PrivacyRule] = {
        var rule = PrivacyRule(path("$.propertyValue"), .drop)
        rule.onlyWhere = PrivacyRule.Condition(
            member: "propertyName",
            values: [
                "phone", "mobilephone", "fax", "address", "city", "zip", "state", "country", "ip_city", "ip_state", "ip_country",
                "ip_latlon", "hs_ip_timezone", "date_of_birth", "gender", "marital_status",
            ])
        return [rule]
    }()

    private static func drop(_ paths: [String]) -> [PrivacyRule] { paths.map { PrivacyRule(path($0), .drop) } }

    /// Our own, which a test reads all of.
    private static func path(_ text: String) -> PrivacyPath {
        guard let path = PrivacyPath(text) else { preconditionFailure("not a path: \(text)") }
        return path
    }
}
