import ArgumentParser
import Common
import Foundation

/// Which store a command works on.
struct StoreOptions: ParsableArguments {
    @Option(name: .customLong("db"), help: ArgumentHelp("The store's file; without it, the one the settings name.", valueName: "path"))
    var path: String?

    /// With a path no settings are read: a look into the store must not fail for a wrong secret.
    func open(_ access: Store.Access) throws -> Store {
        guard let path else {
            let settings = try Settings.load()
            return try Store(path: settings.database, access: access, vault: settings.encryption.vault)
        }
        let settings = try? Settings.load()
        let vault = settings?.encryption.vault ?? Vault(.read(process: ProcessInfo.processInfo.environment))
        return try Store(path: path, access: access, vault: vault)
    }
}
