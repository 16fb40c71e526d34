import Foundation

/// Who may read and write our files, and whose they are.
struct FilesCheckup: Checkup {
    struct File: Equatable {
        /// `storeLog`: what SQLite keeps beside the store while it is open.
        enum Kind { case settings, settingsDirectory, secrets, store, storeLog, storeDirectory }

        let kind: Kind
        let path: String
        /// Permission bits; nil: not there, or we may not look.
        let mode: Int?
        /// Nil where `mode` is.
        var owner: UInt32?
    }

    let files: [File]

    var findings: [Finding] {
        let wrong = files.compactMap(Self.judge) + files.compactMap(strange)
        return wrong.isEmpty ? [.pass("files", "only the service and root may read secrets and store")] : wrong
    }

    private static func judge(_ file: File) -> Finding? {
        guard let mode = file.mode else { return nil }
        let octal = "0" + String(mode & 0o7777, radix: 8)
        switch file.kind {
        case .settingsDirectory where mode & 0o022 != 0:
            return .fail("files", "\(file.path) may be written by others (\(octal))", fix: "chmod go-w \(file.path)")
        case .settings where mode & 0o022 != 0:
            return .fail("files", "\(file.path) may be written by others (\(octal))", fix: "chmod 644 \(file.path)")
        case .secrets where mode & 0o007 != 0:
            return .fail("files", "\(file.path) may be read by everybody (\(octal))", fix: "chmod 640 \(file.path)")
        case .secrets where mode & 0o020 != 0:
            return .fail("files", "\(file.path) may be written by its group (\(octal))", fix: "chmod 640 \(file.path)")
        case .store where mode & 0o007 != 0, .storeLog where mode & 0o007 != 0:
            return .fail("files", "\(file.path) may be read by everybody (\(octal)); it holds payloads", fix: "chmod 640 \(file.path)")
        case .storeDirectory where mode & 0o002 != 0:
            return .fail("files", "\(file.path) may be written by everybody (\(octal))", fix: "chmod 750 \(file.path)")
        default: return nil
        }
    }

    /// The directory's owner, as whom the services run, must be able to write what lies in it: root's files, mostly. A directory of root's
    /// own must let the store's owner make files beside it.
    private func strange(_ file: File) -> Finding? {
        guard let folder = files.first(where: { $0.kind == .storeDirectory }), let keeper = folder.owner else { return nil }
        guard let mode = file.mode, mode & 0o022 == 0 else { return nil }
        switch file.kind {
        case .store, .storeLog:
            guard keeper != 0, file.owner != keeper else { return nil }
            return .fail(
                "files", "\(file.path) belongs to another user than its directory, who cannot write it",
                fix: "chown --reference=\(folder.path) \(file.path)")
        case .storeDirectory:
            guard keeper == 0, let store = files.first(where: { $0.kind == .store }), let owner = store.owner, owner != 0 else {
                return nil
            }
            return .fail(
                "files", "\(file.path) is root's, and the store's owner cannot write in it",
                fix: "chown --reference=\(store.path) \(file.path)")
        default: return nil
        }
    }

    /// - Parameter secrets: the secrets' file, and those that it names.
    static func gather(settings: String, secrets: [String], store: String) -> FilesCheckup {
        let directory = URL(filePath: store).deletingLastPathComponent().path
        let all: [(File.Kind, String)] =
            [(.settings, settings), (.settingsDirectory, URL(filePath: settings).deletingLastPathComponent().path)]
            + secrets.map { (.secrets, $0) }
            + [(.store, store), (.storeLog, store + "-wal"), (.storeLog, store + "-shm"), (.storeDirectory, directory)]
        return FilesCheckup(
            files: all.map { kind, path in
                var info = stat()
                let found = stat(path, &info) == 0
                return File(kind: kind, path: path, mode: found ? Int(info.st_mode & 0o7777) : nil, owner: found ? info.st_uid : nil)
            })
    }
}
