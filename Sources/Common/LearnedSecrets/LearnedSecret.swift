/// A secret that a provider handed over by itself.
public struct LearnedSecret: Sendable, Equatable {
    public let id: Int64
    public let source: SourceName
    public let tenant: TenantName
    public let secret: Secret
    public let learnedAt: Timestamp
    /// Who brought it.
    public let sourceIP: String?
}

/// A time in which an operator waits for one.
public struct LearningWindow: Sendable, Hashable {
    public let source: SourceName
    public let tenant: TenantName
    public let closesAt: Timestamp
}

/// Both, as the store has them now.
public struct Learned: Sendable, Equatable {
    public var secrets: [LearnedSecret] = []
    /// Open ones.
    public var windows: [LearningWindow] = []

    public init() {}

    public var isEmpty: Bool { secrets.isEmpty && windows.isEmpty }

    /// - Parameter tenant: nil where the request names none; then it is the only tenant that waits.
    public func window(_ source: SourceName, _ tenant: TenantName?, now: Timestamp) -> LearningWindow? {
        let open = windows.filter { $0.source == source && $0.closesAt > now && (tenant == nil || $0.tenant == tenant) }
        return open.count == 1 ? open[0] : nil
    }
}
