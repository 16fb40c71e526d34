import ArgumentParser
import Common

struct SecretsLearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn", abstract: "Waits for a secret that the provider hands over by itself (Asana, Notion).",
        discussion: """
            Opens a window in which the first secret that comes for this source and tenant is kept, and closes with it. It is active at \
            once, beside those in the settings; ingest needs no restart. Whoever knows the address could come first: open the window just \
            before you create the webhook, and look at `gatepost secrets learned` afterwards.
            """)

    @Argument(help: "The source.")
    var source: SourceName

    @Option(help: "The tenant.")
    var tenant: TenantName

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long: 1 to 1440 minutes, as 15m or 2h.", valueName: "time"))
    var time = WindowLength(minutes: 15)

    @Flag(help: "Close the window instead.")
    var close = false

    @OptionGroup var storeOptions: StoreOptions

    func validate() throws {
        try source.validateIsKnown()
        guard Catalogue.provider(for: source)?.handsOverItsSecret == true else {
            let known = Catalogue.providers.filter(\.handsOverItsSecret).map(\.source.description).joined(separator: ", ")
            throw ValidationError("\(source) does not hand over its secret by itself; these do: \(known)")
        }
    }

    func run() throws {
        if storeOptions.path == nil, try Settings.load().tenants[tenant] == nil {
            throw Failure(
                "tenant \(tenant) is not in the settings; add tenants.\(tenant) with its WordPress first", status: Failure.badSettings)
        }
        let store = try storeOptions.open(.readWrite)
        let secrets = LearnedSecrets(store: store)
        try store.recordCommand("secrets.learn", "\(source) \(tenant)", detail: close ? "window closed" : "window open for \(time)")
        if close {
            let wasOpen = try secrets.close(source, tenant)
            return Output.line(wasOpen ? "the window is closed" : "no window is open for \(source), tenant \(tenant)")
        }
        let now = WallClock.system.now()
        let end = now + time.duration
        guard try secrets.open(source, tenant, until: end, now: now) else {
            throw Failure(
                "tenant \(tenant) has \(LearnedSecrets.most) secrets of \(source); forget some: gatepost secrets learned \(source)")
        }
        Output.line("until \(end) the first secret for \(source), tenant \(tenant), is kept")
        Output.line("now create the webhook there, with this address: …/api/webhooks/\(source)/\(tenant)/ingest")
        Output.line("then: gatepost secrets learned \(source) --tenant \(tenant)")
    }
}

/// `15m`, `15min`, `2h`.
struct WindowLength: Equatable, ExpressibleByArgument, CustomStringConvertible {
    let minutes: Int64

    init(minutes: Int64) { self.minutes = minutes }

    init?(argument text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [Substring: Int64] = ["m": 1, "min": 1, "h": 60]
        guard digits.count <= 4, let number = Int64(decimalDigits: digits.utf8), let unit = units[text.dropFirst(digits.count)],
            (1...1440).contains(number * unit)
        else { return nil }
        minutes = number * unit
    }

    var duration: Duration { .seconds(minutes * 60) }

    var description: String { "\(minutes)m" }

    var defaultValueDescription: String { description }
}
