import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Where the built programs and the project's own files are.
enum Programs {
    /// The folder of the build that this test belongs to.
    static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    static let ingest = folder.appending(path: "gatepost-ingest").path
    static let worker = folder.appending(path: "gatepost-worker").path
    static let admin = folder.appending(path: "gatepost-admin").path
    static let gatepost = folder.appending(path: "gatepost").path

    /// The root of the source tree.
    static let tree = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
}

struct Finished {
    let status: TerminationStatus
    let output: String
    let errors: String

    var succeeded: Bool { status == .exited(0) }
}

/// Runs a program to its end.
func finish(_ program: String, _ arguments: [String] = [], environment: [String: String] = [:]) async throws -> Finished {
    let result = try await run(
        .path(FilePath(program)), arguments: Arguments(arguments), environment: .inherit.updating(environment.asUpdates),
        output: .string(limit: 16 << 20), error: .string(limit: 16 << 20))
    return Finished(status: result.terminationStatus, output: result.standardOutput, errors: result.standardError)
}

extension [String: String] {
    fileprivate var asUpdates: [Subprocess.Environment.Key: String?] {
        asKeys.mapValues { $0 }
    }
}
