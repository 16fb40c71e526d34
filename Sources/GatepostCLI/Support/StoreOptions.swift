import ArgumentParser
import Common

/// Which store a command works on.
struct StoreOptions: ParsableArguments {
    @Option(name: .customLong("db"), help: ArgumentHelp("The store's file; without it, the one the settings name.", valueName: "path"))
    var path: String?

    /// With a path no settings are read: a look into the store must not fail for a wrong secret.
    func open(_ access: Store.Access) throws -> Store {
        try Store(path: path ?? Settings.load().database, access: access)
    }
}
