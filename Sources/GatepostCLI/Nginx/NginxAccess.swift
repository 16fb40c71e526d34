/// `allow` and `deny` as nginx goes by them: of the innermost block that has any, in their order, the first that fits.
struct NginxAccess: Equatable {
    enum Who: Equatable {
        case everybody, nobody
        case some(Set<String>)
        /// A list, and nothing that refuses the others.
        case listLeftOpen
    }

    let who: Who

    /// - Parameter blocks: what stands in them, the innermost first.
    init(_ blocks: [[NginxDirective]]) {
        let rules = blocks.lazy.map { $0.filter { ["allow", "deny"].contains($0.name) } }.first { !$0.isEmpty } ?? []
        // What stands behind a rule for all is never asked.
        let end = rules.firstIndex { $0.arguments == ["all"] }
        let allowed = Set(rules.prefix(upTo: end ?? rules.count).filter { $0.name == "allow" }.compactMap(\.arguments.first))
        let isClosed = end.map { rules[$0].name == "deny" } ?? false
        who =
            switch (isClosed, allowed.isEmpty) {
            case (true, true): .nobody
            case (true, false): .some(allowed)
            case (false, true): .everybody
            case (false, false): .listLeftOpen
            }
    }
}
