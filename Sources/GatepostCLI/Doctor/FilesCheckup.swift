import Foundation

/// Who may read and write our files.
struct FilesCheckup: Checkup {
    struct File: Equatable {
        enum Kind { case settings, secrets, store, storeDirectory }

        let kind: Kind
        let path: String
        /// Permission bits; nil: not there, or we may not look.
        let mode: Int?
    }

    let files: [File]

    var findings: [Finding] {
        let wrong = files.compactMap(Self.judge)
        return wrong.isEmpty ? [.pass("files", "only the service and root may read secrets and store")] : wrong
    }

    private static func judge(_ file: File) -> Finding? {
        guard let mode = file.mode else { return nil }
        let octal = "0" + String(mode & 0o7777, radix: 8)
        switch file.kind {
        case .settings where mode & 0o022 != 0:
            return .fail("files", "\(file.path) may be written by others (\(octal))", fix: "chmod 644 \(file.path)")
        case .secrets where mode & 0o007 != 0:
            return .fail("files", "\(file.path) may be read by everybody (\(octal))", fix: "chmod 640 \(file.path)")
        case .secrets where mode & 0o020 != 0:
            return .fail("files", "\(file.path) may be written by its group (\(octal))", fix: "chmod 640 \(file.path)")
        case .store where mode & 0o007 != 0:
            return .fail("files", "\(file.path) may be read by everybody (\(octal)); it holds payloads", fix: "chmod 640 \(file.path)")
        case .storeDirectory where mode & 0o002 != 0:
            return .fail("files", "\(file.path) may be written by everybody (\(octal))", fix: "chmod 750 \(file.path)")
        default: return nil
        }
    }

    /// - Parameter secrets: the secrets' file, and those that it names.
    static func gather(settings: String, secrets: [String], store: String) -> FilesCheckup {
        let directory = URL(filePath: store).deletingLastPathComponent().path
        let all: [(File.Kind, String)] =
            [(.settings, settings)] + secrets.map { (.secrets, $0) } + [(.store, store), (.storeDirectory, directory)]
        return FilesCheckup(
            files: all.map { kind, path in
                var info = stat()
                let found = stat(path, &info) == 0
                return File(kind: kind, path: path, mode: found ? Int(info.st_mode & 0o7777) : nil)
            })
    }
}
