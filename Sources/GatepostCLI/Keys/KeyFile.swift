import Foundation

/// The file with data keys, one a line.
struct KeyFile {
    let path: String

    /// Puts a key before the others. Whoever reads meanwhile finds the old file or the new one.
    func put(_ key: String) throws {
        let old = FileManager.default.contents(atPath: path)
        if old == nil, FileManager.default.fileExists(atPath: path) { throw fault("cannot be read", errno) }
        let partial = "\(path).partial-\(getpid())"
        let file = open(partial, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw fault("cannot be written beside", errno) }
        defer {
            close(file)
            unlink(partial)
        }
        try keepOwner(of: file)
        let content = Data("\(key)\n".utf8) + (old ?? Data())
        let written = content.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard written == content.count, fsync(file) == 0, rename(partial, path) == 0 else { throw fault("cannot be written", errno) }
        try keepName()
    }

    /// As the file is that it replaces; a new one is its directory's group's to read, as the secrets beside it are.
    private func keepOwner(of file: Int32) throws {
        var info = stat()
        if stat(path, &info) == 0 {
            guard fchown(file, info.st_uid, info.st_gid) == 0, fchmod(file, info.st_mode & 0o777) == 0 else {
                throw fault("cannot keep its owner", errno)
            }
            return
        }
        let secrets = URL(filePath: path).deletingLastPathComponent().appending(path: "secrets.env").path
        if stat(secrets, &info) == 0 { _ = fchown(file, info.st_uid, info.st_gid) }
        guard fchmod(file, 0o640) == 0 else { throw fault("cannot have its mode", errno) }
    }

    /// Before anything is encrypted with the new key its name is on disk too: after a power cut the old file would be there again.
    private func keepName() throws {
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw fault("cannot be kept", errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw fault("cannot be kept", errno) }
    }

    private func fault(_ what: String, _ code: Int32) -> Failure {
        Failure("\(path.printable) \(what): \(String(cString: strerror(code)))")
    }
}
