import Foundation

/// What the disk and the clock do to programs that were started with `environment`; while they run.
struct Faults {
    private let folder: URL

    init(for sandbox: Sandbox) async throws {
        folder = sandbox.folder
        let source = Programs.tree.appending(path: "Tests/Reliability/faults.c").path
        let made = try await finish("/usr/bin/gcc", ["-shared", "-fPIC", "-O1", "-o", folder.appending(path: "faults.so").path, source])
        guard made.succeeded else { throw TestFailure("faults.c: \(made.errors)") }
    }

    var environment: [String: String] {
        [
            "LD_PRELOAD": folder.appending(path: "faults.so").path, "GATEPOST_TEST_FAULT": fault.path,
            "GATEPOST_TEST_CLOCK": clock.path,
        ]
    }

    private var fault: URL { folder.appending(path: "fault") }
    private var clock: URL { folder.appending(path: "clock") }

    /// From now on the call on the store's files gives that error.
    func fail(_ call: String, with code: Int32) throws { try Data("\(call) \(code)\n".utf8).write(to: fault, options: .atomic) }

    func end() throws { try FileManager.default.removeItem(at: fault) }

    /// The wall clock jumps.
    func putClock(by seconds: Int) throws { try Data("\(seconds)\n".utf8).write(to: clock, options: .atomic) }
}
