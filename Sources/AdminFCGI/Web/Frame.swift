import Common

/// What stands round every page.
struct Frame {
    struct Link {
        let name: String
        let href: String
        let isCurrent: Bool
    }

    let title: String
    let links: [Link]
    /// Nil where the web server asks nobody for a name.
    let user: String?
    let version = Gatepost.version
    let now: String
    let style = Asset.style.href
    let script = Asset.script.href
    let icon = Asset.icon.href

    init(_ title: String, in section: Section?, for request: PageRequest, now: Timestamp) {
        self.title = title
        links = Section.allCases.map { Link(name: $0.name, href: $0.path, isCurrent: $0 == section) }
        user = request.user
        self.now = now.description
    }
}

/// The pages that the navigation names.
enum Section: String, CaseIterable {
    case overview

    var name: String {
        switch self {
        case .overview: "Overview"
        }
    }

    var path: String { self == .overview ? "/admin/" : "/admin/\(rawValue)" }
}
