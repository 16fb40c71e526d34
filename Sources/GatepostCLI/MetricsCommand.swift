import ArgumentParser
import Common

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Print the metrics as Prometheus reads them.",
        discussion: """
            The same text as the page /metrics. With --output it goes into a file for node_exporter's textfile collector, \
            at once or not at all. With --db no settings are read, and the metrics of what only they know are left out.
            """)

    @OptionGroup var storeOptions: StoreOptions

    @Option(help: ArgumentHelp("Write to this file; its name should end in .prom.", valueName: "path"))
    var output: String?

    func run() throws {
        let settings = storeOptions.path == nil ? try Settings.load() : nil
        let store = try storeOptions.open(.readOnly)
        let text = try MetricsPage.text(store, settings, now: WallClock.system.now())
        if let output { return try WholeFile.write(text, to: output) }
        Output.write(Array(text.utf8))
    }
}
