import Common

/// A page that says something went another way than asked.
struct MessagePage {
    let status: Int
    let heading: String
    let words: String
    /// What to do about it.
    var advice: String?

    init(_ refusal: PageRoute.Refusal) {
        switch refusal {
        case .unknown:
            (status, heading, words) = (404, "No such page", "There is nothing at this address.")
        case .method:
            (status, heading, words) = (405, "Not this way", "This address takes no such request.")
        case .tooLarge:
            (status, heading, words) = (413, "Too much at once", "The form brought more than \(PageRequest.mostBodyBytes >> 10) KiB.")
            advice = "Choose fewer at a time, or all that match the filter."
        }
    }

    init(failure error: any Error) {
        (status, heading) = (503, "The store does not answer")
        words = "\(error)."
        advice = "Events are taken in by another program and are not touched by this. Once it is mended, load this page again."
    }
}
