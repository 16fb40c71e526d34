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
                // Without the line end of the file: a partial within a line must not bring a blank.
                let text = String(decoding: bytes, as: UTF8.self)
                try library.register("{{% CONTENT_TYPE:HTML}}\n" + (text.hasSuffix("\n") ? String(text.dropLast()) : text), named: name)
            } catch {
                preconditionFailure("template \(name) is not well-formed: \(error)")
            }
        }
        return library
    }()

    /// By name; a test reads each.
    static let all: [(name: String, bytes: [UInt8])] = [
        ("alerts", PackageResources.alerts_mustache),
        ("audit", PackageResources.audit_mustache),
        ("confirm", PackageResources.confirm_mustache),
        ("dead-letters", PackageResources.dead_letters_mustache),
        ("event", PackageResources.event_mustache),
        ("events", PackageResources.events_mustache),
        ("held", PackageResources.held_mustache),
        ("layout", PackageResources.layout_mustache),
        ("message", PackageResources.message_mustache),
        ("moment", PackageResources.moment_mustache),
        ("overview", PackageResources.overview_mustache),
        ("people", PackageResources.people_mustache),
        ("prose", PackageResources.prose_mustache),
        ("rejected", PackageResources.rejected_mustache),
        ("rejection", PackageResources.rejection_mustache),
        ("secrets", PackageResources.secrets_mustache),
        ("settings", PackageResources.settings_mustache),
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
