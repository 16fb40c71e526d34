/// What is left out of an event before it is stored.
public struct PrivacyRule: Sendable, Hashable {
    public enum Action: Sendable, Hashable {
        case drop
        /// A keyed hash in its place: the same value has the same, and nobody without the store's key can tell from which it is.
        case hash
        /// So many characters of a text stay.
        case truncate(Int)
    }

    public let path: PrivacyPath
    public let action: Action
    /// Only where this member of the event is one of these.
    var onlyWhere: Condition?

    struct Condition: Sendable, Hashable {
        let member: String
        let values: Set<String>
    }

    public init(_ path: PrivacyPath, _ action: Action) {
        self.path = path
        self.action = action
    }
}

/// What the settings say of one source's events, or of one tenant's.
public struct PrivacyRules: Sendable, Equatable {
    public var preset: String?
    public var rules: [PrivacyRule] = []
    /// How long the whole payload is kept beside what is stored; nil: not at all.
    public var originalFor: Duration?

    public init() {}

    public var isEmpty: Bool { rules.isEmpty }
    public var hashes: Bool { rules.contains { $0.action == .hash } }
}

/// A source's rules, and what is added for single tenants.
public struct SourcePrivacy: Sendable, Equatable {
    public var all = PrivacyRules()
    public var tenants: [TenantName: PrivacyRules] = [:]

    public init() {}

    public func rules(of tenant: TenantName) -> PrivacyRules {
        guard let own = tenants[tenant] else { return all }
        var rules = all
        rules.rules += own.rules
        rules.preset = own.preset ?? all.preset
        rules.originalFor = own.originalFor ?? all.originalFor
        return rules
    }

    var everyone: [PrivacyRules] { [all] + tenants.values }
}
