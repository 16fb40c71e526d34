extension Catalogue {
    /// Payments, subscriptions and accounting.
    static let payments: [Provider] = [
        .stripe, .payPal, .razorpay, .paystack, .flutterwave, .coinbaseCommerce, .adyen, .adyenPlatform, .chargebee, .recurly, .goCardless,
        .mollie, .braintree, .xero, .quickBooks,
    ]
}
