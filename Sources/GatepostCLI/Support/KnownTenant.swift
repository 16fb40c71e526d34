import Common

extension TenantName {
    /// A mistyped tenant would find nothing, and look like good news. Where there are no settings to read, the store alone is asked.
    func refuseUnknown(in store: Store) throws {
        let settings = try? Settings.load()
        try refuseUnknown(
            among: settings.map { Array($0.tenants.keys) } ?? [], and: EventQueries(store: store).counts().lines.map(\.tenant))
    }

    func refuseUnknown(among set: [TenantName], and stored: [String] = []) throws {
        let known = Set(set.map(\.description) + stored)
        guard !known.contains(description) else { return }
        let hint = Nearest.hint(for: description, among: known.sorted())
        throw Failure("no tenant \(self) in the settings or the store\(hint)", status: Failure.badUsage)
    }
}
