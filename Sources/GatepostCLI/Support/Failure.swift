/// What a command could not do, in words for the operator.
struct Failure: Error, Equatable, CustomStringConvertible {
    static let failed: Int32 = 1
    static let badUsage: Int32 = 2
    static let badSettings: Int32 = 2

    /// One line or several.
    let description: String
    let status: Int32

    /// - Parameter text: empty where all has been said already.
    init(_ text: String, status: Int32 = failed) {
        description = text
        self.status = status
    }
}
