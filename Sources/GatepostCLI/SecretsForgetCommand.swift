import ArgumentParser
import Common

struct SecretsForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Forgets a learned secret: what it signs is refused from now on.")

    @Argument(help: "Its id, as `gatepost secrets learned` prints it.")
    var id: Int64

    @OptionGroup var storeOptions: StoreOptions

    func run() throws {
        let store = try storeOptions.open(.readWrite)
        try store.recordCommand("secrets.forget", "learned secret \(id)")
        guard try LearnedSecrets(store: store).forget(id) else {
            throw Failure("no learned secret \(id); `gatepost secrets learned` lists them")
        }
        Output.line("forgotten")
    }
}
