import ArgumentParser
import Common

struct PrivacyExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Prints everything of one person, in the store and in WordPress, as JSON.",
        discussion: """
            Looks at every event. Of WordPress it is what its own tool for personal data exports of Gatepost. Written into the audit, without the \
            person's name.

            Exit status: 0 done, 1 failed or something could not be read or asked, 2 bad usage or settings.
            """)

    @OptionGroup var options: PersonOptions
    @OptionGroup var storeOptions: StoreOptions

    func run() throws {
        let (store, settings) = try storeOptions.openWithSettings(.readWrite)
        let result = try options.find(in: store, settings)
        try store.recordCommand("privacy.export", options.person.mark(store.vault), count: result.hits.count)
        let wordpress = try WordPressPeople(.export, options.emails(result), options, settings)
        let queries = EventQueries(store: store)
        let events = try result.hits.filter { !$0.isRejected }.compactMap { hit -> JSONTree? in
            guard let event = try queries.find(hit.id).first else { return nil }
            let view = try queries.view(event).json
            let original = try queries.original(of: hit.sequence).map { String(decoding: $0, as: UTF8.self) }
            return view.adding([.init(name: "original", value: JSONTree(original))])
        }
        let rejected = try result.hits.filter(\.isRejected).compactMap { hit -> JSONTree? in
            guard let stored = try RejectionQueries(store: store).find(hit.sequence) else { return nil }
            return stored.rejection.json.adding([
                .init(name: "url", value: .string(stored.url)),
                .init(name: "body", value: .string(String(decoding: stored.body, as: UTF8.self))),
            ])
        }
        Output.json([
            "events": .array(events), "rejected": .array(rejected), "unreadable": JSONTree(result.unreadable), "wordpress": wordpress.json,
        ])
        if result.unreadable > 0 {
            throw Failure("\(result.unreadable) events could not be read: nobody knows whether they are this person's")
        }
        if !wordpress.isWell { throw Failure("not every WordPress could be asked; see `trouble`") }
    }
}
