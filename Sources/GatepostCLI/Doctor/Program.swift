import Foundation

/// A program of the system's, run to its end.
enum Program {
    private static let folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]

    /// What it printed and said, and its exit status; nil where it is not installed or cannot be started.
    static func output(_ name: String, _ arguments: [String]) -> (output: String, errors: String, status: Int32)? {
        guard let path = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile) else { return nil }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let (output, errors) = (scratchFile(), scratchFile())
        guard let output, let errors else { return nil }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        do { try process.run() } catch { return nil }
        process.waitUntilExit()
        return (text(of: output), text(of: errors), process.terminationStatus)
    }

    /// A file without a name: pipes would have to be read both at once.
    private static func scratchFile() -> FileHandle? {
        guard let file = tmpfile() else { return nil }
        defer { fclose(file) }
        let descriptor = dup(fileno(file))
        return descriptor < 0 ? nil : FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private static func text(of file: FileHandle) -> String {
        try? file.seek(toOffset: 0)
        return String(decoding: (try? file.read(upToCount: 4 << 20)) ?? Data(), as: UTF8.self)
    }
}
