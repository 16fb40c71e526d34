extension Catalogue {
    /// Shops and what they sell.
    static let commerce: [Provider] = [
        .shopify, .shopifyEvents, .wooCommerce, .bigCommerce, .square, .paddle, .lemonSqueezy, .gumroad, .fastSpring, .memberful, .patreon,
        .thinkific,
    ]
}
