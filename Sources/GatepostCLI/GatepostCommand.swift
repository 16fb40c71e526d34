import ArgumentParser
import CommandEntry
import Common
import Foundation

@main
struct GatepostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatepost",
        abstract: "Looks after the webhook gateway: settings, stored events, dead letters.",
        discussion: """
            Settings: the file that GATEPOST_CONFIG names (/etc/gatepost/gatepost.yaml), \
            secrets from the environment or the file GATEPOST_SECRETS. Prints tables for people and, with --json, JSON for programs.

            Exit status: 0 done, 1 failed, 2 bad usage or settings.
            """,
        version: Gatepost.version,
        subcommands: [
            CheckCommand.self, StatusCommand.self, MetricsCommand.self, EventsCommand.self, DLQCommand.self, RejectedCommand.self,
            SendCommand.self,
            VerifyCommand.self, ProvidersCommand.self, SecretsCommand.self, ErrandsCommand.self, PauseCommand.self,
            ResumeCommand.self, MirrorCommand.self, PurgeCommand.self, AlertCommand.self, AlertsCommand.self, BackupCommand.self,
            BackfillCommand.self, ReconcileCommand.self, SourcesCommand.self,
            RestoreCommand.self, DoctorCommand.self, NginxCommand.self,
            AuditCommand.self, KeysCommand.self, PrivacyCommand.self,
        ])

    static func main() { start(orLeave: leave) }

    private static func leave(with error: any Error) {
        switch error {
        case let error as Failure: stop("\(error)", status: error.status)
        case let error as SettingsError: stop("\(error)", status: Failure.badSettings)
        case let error as BackupError: stop("\(error)", status: Failure.failed)
        case let error as StoreError: stop("\(error)", status: Failure.failed)
        default: break
        }
    }

    private static func stop(_ text: String, status: Int32) -> Never {
        for line in text.split(separator: "\n") { FileHandle.standardError.write(Data("gatepost: \(line)\n".utf8)) }
        Foundation.exit(status)
    }
}
