import Common

/// A page that says something went another way than asked.
struct MessagePage {
    enum Missing { case event, rejection }

    let status: Int
    let heading: String
    let words: String
    /// What to do about it.
    var advice: String?

    init(_ refusal: PageRoute.Refusal) {
        switch refusal {
        case .unknown: (status, heading, words) = (404, "No such page", "There is nothing at this address.")
        case .method: (status, heading, words) = (405, "Not this way", "This address takes no such request.")
        case .tooLarge:
            (status, heading, words) = (413, "Too much at once", "The form brought more than \(PageRequest.mostBodyBytes >> 10) KiB.")
            advice = "Choose fewer at a time, or all that match the filter."
        }
    }

    init(missing: Missing) {
        status = 404
        switch missing {
        case .event: (heading, words) = ("No such event", "The store has no event of this id, or none any more.")
        case .rejection: (heading, words) = ("No such request", "No rejected request of this id is kept, or it had to make room.")
        }
    }

    init(_ refusal: Permission.Refusal) {
        (status, heading, words, advice) = (403, "Not done", refusal.words, refusal.advice)
    }

    init(notDone words: String, advice: String?) { (status, heading, self.words, self.advice) = (409, "Not done", words, advice) }

    init(failure error: any Error) {
        status = 503
        if (error as? StoreError)?.isInterrupted == true {
            (heading, words) = (
                "That took too long", "The answer was not found within \(Site.patience.milliseconds / 1000) s, so the search was given up."
            )
            advice = "Narrow it: a time range, a tenant or a source makes it quick."
        } else {
            (heading, words) = ("The store does not answer", "\(error).")
            advice = "Events are taken in by another program and are not touched by this. Once it is mended, load this page again."
        }
    }
}
