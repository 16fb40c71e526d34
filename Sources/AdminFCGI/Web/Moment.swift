import Common

/// A time as pages show it: exact for machines, to the second in UTC for people, and how long ago.
struct Moment {
    let exact: String
    let text: String
    let ago: String

    init(_ moment: Timestamp, now: Timestamp) {
        exact = moment.description
        text = "\(exact.prefix(10)) \(exact.dropFirst(11).prefix(8))"
        ago = Age.text(of: moment, now: now)
    }
}

extension Optional where Wrapped == Timestamp {
    func shown(now: Timestamp) -> Moment? { map { Moment($0, now: now) } }
}
