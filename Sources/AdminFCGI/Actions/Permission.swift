import Common

/// Whether somebody may have something done, and if not why.
enum Permission {
    enum Refusal: Error, Equatable {
        case noName, foreignOrigin, badToken

        var words: String {
            switch self {
            case .noName: "The web server passed no name (REMOTE_USER), and what is done here is written down with a name."
            case .foreignOrigin: "The form was not sent from these pages."
            case .badToken: "The form is too old, or was made for somebody else."
            }
        }

        var advice: String {
            switch self {
            case .noName: "Have nginx ask who it is: pages.md shows three ways. Until then: the gatepost command."
            case .foreignOrigin: "Open the page here and try again. Behind a proxy, nginx must see the address that the browser uses."
            case .badToken: "Load the page before this one anew and try again. Nothing was done."
            }
        }
    }

    /// - Returns: the user's name.
    static func check(_ request: PageRequest, _ token: FormToken, now: Timestamp) throws(Refusal) -> String {
        guard let user = request.user else { throw .noName }
        // Browsers send Origin with every POST; what is no browser can be made to send nothing against its will.
        if let claimed = request.claimedOrigin, claimed != request.origin { throw .foreignOrigin }
        if let site = request.fetchSite, site != "same-origin" { throw .foreignOrigin }
        guard token.isGood(request.form["token"] ?? "", of: user, now: now) else { throw .badToken }
        return user
    }
}
