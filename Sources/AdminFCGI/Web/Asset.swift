import Common

/// A file that pages need. Its address holds a hash of its content, so that browsers may keep it for ever.
struct Asset: Sendable {
    let href: String
    let contentType: String
    let body: Bytes

    static let style = Asset("style", "css", "text/css; charset=utf-8", PackageResources.style_css)
    static let script = Asset("pages", "js", "text/javascript; charset=utf-8", PackageResources.pages_js)
    static let icon = Asset("icon", "svg", "image/svg+xml", PackageResources.icon_svg)

    static let all = [style, script, icon]

    private init(_ name: String, _ ending: String, _ contentType: String, _ body: Bytes) {
        let hash = String(decoding: Hex.encode(Crypto.sha256(body).prefix(8)), as: UTF8.self)
        href = "/admin/assets/\(name)-\(hash).\(ending)"
        self.contentType = contentType
        self.body = body
    }

    static func answer(to path: String) -> PageResponse? {
        all.first { $0.href == path }.map { PageResponse(contentType: $0.contentType, body: $0.body, caching: .forEver) }
    }
}
