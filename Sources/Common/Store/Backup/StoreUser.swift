import Foundation

/// A running program of ours, as /proc shows it.
struct StoreUser: Equatable {
    let program: String
    let pid: Int
    /// The files that it has open; nil where we may not look, as into a service's sandbox.
    let files: [String]?

    static let programs: Set<String> = ["gatepost-ingest", "gatepost-worker", "gatepost-admin"]

    /// The first that has a file of that directory open, or that we may not look into: then it may have.
    static func among(_ users: [StoreUser], of directory: String) -> StoreUser? {
        let folder = directory.hasSuffix("/") ? directory : directory + "/"
        return users.first { $0.files.map { $0.contains { $0.hasPrefix(folder) } } ?? true }
    }

    static func all() -> [StoreUser] {
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap(Int.init) ?? []
        return pids.sorted().compactMap { pid in
            // The kernel cuts a name after 15 bytes; ours have just so many.
            guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/comm") else { return nil }
            let program = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
            guard programs.contains(program) else { return nil }
            let folder = "/proc/\(pid)/fd"
            guard let descriptors = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
                return FileManager.default.fileExists(atPath: "/proc/\(pid)") ? StoreUser(program: program, pid: pid, files: nil) : nil
            }
            let files = descriptors.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
            return StoreUser(program: program, pid: pid, files: files)
        }
    }
}
