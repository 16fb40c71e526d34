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
    let shownAt: Moment
    let style = Asset.style.href
    let script = Asset.script.href
    let icon = Asset.icon.href

    init(_ title: String, in section: Section?, for request: PageRequest, now: Timestamp) {
        self.title = title
        links = Section.allCases.map { Link(name: $0.name, href: $0.path, isCurrent: $0 == section) }
        user = request.user
        shownAt = Moment(now, now: now)
    }
}

/// The pages that the navigation names.
enum Section: String, CaseIterable {
    case overview, events, people
    case deadLetters = "dead-letters"
    case rejected, alerts, secrets, settings, audit

    var name: String {
        switch self {
        case .overview: "Overview"
        case .events: "Events"
        case .people: "People"
        case .deadLetters: "Dead letters"
        case .rejected: "Rejected"
        case .alerts: "Alerts"
        case .secrets: "Secrets"
        case .settings: "Settings"
        case .audit: "Audit"
        }
    }

    var path: String { self == .overview ? "/admin/" : "/admin/\(rawValue)" }
}
