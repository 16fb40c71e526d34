/// A source that the catalogue does not know: `sources.NAME` with a `scheme`.
extension Provider {
    static let ownSettings = [
        "title", "scheme", "content-types", "form-field", "events", "event-id", "event-type", "occurred-at", "answer",
    ]

    init?(own name: SourceName, _ section: SettingsSection, in file: inout SettingsFile) {
        if Catalogue.provider(for: name) != nil, let node = section.node("scheme") {
            file.problem(at: node, "\(section.qualified("scheme")): the catalogue has a source \(name) already; give yours another name")
            return nil
        }
        guard let words = section.section("scheme", in: &file), let scheme = Scheme(words, in: &file) else { return nil }
        self.init(own: name, title: section.text("title", in: &file) ?? name.description, scheme)
        readContentTypes(section, in: &file)
        events = section.path("events", in: &file)
        orOneEvent = events != nil
        eventID = Piece.list("event-id", section, in: &file)
        eventType = Piece.list("event-type", section, in: &file)
        if let entry = section.section("occurred-at", in: &file) { occurredAt = Moment(entry, in: &file) }
        if let entry = section.section("answer", in: &file) { answer = Acknowledgement(entry, in: &file) }
    }

    private mutating func readContentTypes(_ section: SettingsSection, in file: inout SettingsFile) {
        let field = section.text("form-field", in: &file)
        let known = "application/json, another type that ends in +json, or application/x-www-form-urlencoded"
        let types = section.list("content-types", known, in: &file) { text -> (String, Payload)? in
            switch text.lowercased() {
            case "application/x-www-form-urlencoded": ("application/x-www-form-urlencoded", field.map { .formField($0) } ?? .form)
            case let type where type == "application/json" || type.hasSuffix("+json"): (type, .json)
            default: nil
            }
        }
        if !types.isEmpty { contentTypes = Dictionary(types) { first, _ in first } }
        if field != nil, !types.contains(where: { $0.0 == "application/x-www-form-urlencoded" }), let node = section.node("form-field") {
            file.problem(at: node, "\(section.qualified("form-field")): goes with content-types: application/x-www-form-urlencoded")
        }
    }
}

extension Provider.Piece {
    /// A header's name, a path, or `digest`; several are joined with dots.
    fileprivate static func list(_ name: String, _ section: SettingsSection, in file: inout SettingsFile) -> [Self] {
        section.list(name, "a header's name, a path such as $.id, or digest", in: &file) { text in
            if text.hasPrefix("$") { return JSONPath(text).map { .json($0) } }
            if text == "digest" { return .digest }
            return HeaderFields.name(text).map { .header($0) }
        }
    }
}

extension Provider.Moment {
    fileprivate init?(_ section: SettingsSection, in file: inout SettingsFile) {
        section.refuseOthers(than: ["at", "unit"], in: &file)
        let pieces = Provider.Piece.list("at", section, in: &file)
        guard !pieces.isEmpty else {
            file.problem(at: section.place, "\(section.qualified("at")): is missing; a path or a header's name")
            return nil
        }
        switch section.choice("unit", ["rfc3339": 0, "seconds": 1, "milliseconds": 2], in: &file) ?? 0 {
        case 1: self = .seconds(pieces)
        case 2: self = .milliseconds(pieces)
        default: self = .utc(pieces)
        }
    }
}

extension Acknowledgement {
    fileprivate init(_ section: SettingsSection, in file: inout SettingsFile) {
        section.refuseOthers(than: ["status", "content-type", "body"], in: &file)
        let body = section.optional("body", "a text; JSON goes between quotes", in: &file) { $0 } ?? ""
        self.init(
            status: section.number("status", 200...299, in: &file) ?? 200,
            contentType: section.text("content-type", in: &file) ?? (body.isEmpty ? nil : "text/plain"), body: body)
    }
}

extension Mapping {
    /// The operator's own, which count before the catalogue's: `sources.NAME.mappings`.
    static func list(in section: SettingsSection, in file: inout SettingsFile) -> [Mapping] {
        section.sections("mappings", in: &file).compactMap { _, entry in Mapping(entry, in: &file) }
    }

    private convenience init?(_ section: SettingsSection, in file: inout SettingsFile) {
        section.refuseOthers(
            than: ["type", "route", "subject", "subject-id", "actor-id", "actor-email", "actor-name", "reason", "data", "action"], in: &file
        )
        func paths(_ name: String) -> [JSONPath] { section.list(name, "a path such as $.data.id", in: &file) { JSONPath($0) } }
        let routes: KeyValuePairs<String, Route> = ["user-sync": .userSync, "order-event": .orderEvent, "keep": .keep]
        let type = section.required("type", "an event type, * for any text", in: &file) { $0.isEmpty ? nil : EventPattern($0) }
        guard section.node("route") != nil else {
            file.problem(at: section.place, "\(section.qualified("route")): is missing; one of user-sync, order-event, keep")
            return nil
        }
        guard let type, let route = section.choice("route", routes, in: &file) else { return nil }
        self.init(
            type, to: route, subject: section.text("subject", in: &file), subjectID: paths("subject-id"), actorID: paths("actor-id"),
            actorEmail: paths("actor-email"), actorName: paths("actor-name"), reason: paths("reason"),
            data: section.path("data", in: &file).map { .object(at: $0) } ?? .whole, action: section.text("action", in: &file))
    }
}
