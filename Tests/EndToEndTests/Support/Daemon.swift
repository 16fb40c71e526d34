import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A program under test that runs until it is told to end. What it prints goes to a file.
final class Daemon: Sendable {
    let pid: pid_t
    let log: URL
    private let ended: Task<TerminationStatus, any Error>

    private init(pid: pid_t, log: URL, ended: Task<TerminationStatus, any Error>) {
        self.pid = pid
        self.log = log
        self.ended = ended
    }

    static func start(_ program: String, _ arguments: [String] = [], environment: [String: String] = [:], log: URL) async throws -> Daemon {
        let file = try FileDescriptor.open(
            log.path, .writeOnly, options: [.create, .append], permissions: .ownerReadWrite)
        let (pids, began) = AsyncStream.makeStream(of: pid_t.self)
        let ended = Task {
            let result = try await run(
                .path(FilePath(program)), arguments: Arguments(arguments), environment: .custom(environment.asKeys), input: .none,
                output: .fileDescriptor(file, closeAfterSpawningProcess: false),
                error: .fileDescriptor(file, closeAfterSpawningProcess: true)
            ) { execution in
                began.yield(execution.processIdentifier.value)
                began.finish()
            }
            return result.terminationStatus
        }
        for await pid in pids { return Daemon(pid: pid, log: log, ended: ended) }
        throw TestFailure("\(program) did not start: \(try await ended.value)")
    }

    func signal(_ number: Int32) { kill(pid, number) }

    @discardableResult
    func wait() async throws -> TerminationStatus { try await ended.value }

    /// SIGTERM, and the status with which it ends.
    @discardableResult
    func stop() async throws -> TerminationStatus {
        signal(SIGTERM)
        return try await wait()
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension [String: String] {
    var asKeys: [Subprocess.Environment.Key: String] {
        var keyed: [Subprocess.Environment.Key: String] = [:]
        for (name, value) in self { keyed[.init(stringLiteral: name)] = value }
        return keyed
    }
}

/// Waits until `condition` holds, at most `seconds`, and fails in words otherwise.
func eventually(_ what: String, within seconds: Double = 60, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw TestFailure("waited \(seconds) s in vain until \(what)")
}
