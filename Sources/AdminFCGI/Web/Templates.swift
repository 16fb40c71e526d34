import Common
import Mustache

/// The templates within the program, read once.
enum Templates {
    static let library: MustacheLibrary = {
        // Templates and partials each begin with the library's own idea of HTML, so each says anew which is meant.
        MustacheContentTypes.register(HTMLText(), named: "HTML")
        var library = MustacheLibrary()
        for (name, bytes) in all {
            do {
                try library.register("{{% CONTENT_TYPE:HTML}}\n" + String(decoding: bytes, as: UTF8.self), named: name)
            } catch {
                preconditionFailure("template \(name) is not well-formed: \(error)")
            }
        }
        return library
    }()

    /// By name; a test reads each.
    static let all: [(name: String, bytes: [UInt8])] = [
        ("layout", PackageResources.layout_mustache),
        ("message", PackageResources.message_mustache),
        ("overview", PackageResources.overview_mustache),
    ]

    static func render(_ name: String, _ document: Document) -> Bytes {
        Bytes((library.render(document, withTemplate: name) ?? "").utf8)
    }
}

/// What a template is given.
struct Document {
    let frame: Frame
    /// The page's own values.
    let page: Any
}
