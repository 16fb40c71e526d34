import Foundation

/// Who runs a command.
enum SystemUser {
    static let name = name(sudo: ProcessInfo.processInfo.environment["SUDO_USER"], uid: getuid())

    /// Whoever could forge SUDO_USER here can write to the store as well: it is a name for the record, not a proof.
    static func name(sudo: String?, uid: uid_t) -> String {
        if let sudo, !sudo.isEmpty { return sudo.printable }
        guard let entry = getpwuid(uid), let name = entry.pointee.pw_name else { return "uid \(uid)" }
        return String(cString: name)
    }
}
