import Common
import Foundation

extension Store {
    /// Writes down what the operator is about to do, before it is done: what is in no entry has not happened.
    func recordCommand(_ action: String, _ object: String? = nil, count: Int? = nil, detail: String? = nil) throws(StoreError) {
        try record(
            AuditEntry(
                at: WallClock.system.now(), actor: SystemUser.name, origin: .cli, action: action,
                object: object?.trimmed.printable, count: count, detail: detail?.trimmed.printable))
    }
}

extension Store {
    /// For commands that must go on with a store of an older version, or one that cannot be written to.
    static func recordIfCurrent(_ action: String, _ object: String, at path: String) {
        do {
            _ = try Store(path: path, access: .readOnly)
            try Store(path: path).recordCommand(action, object)
        } catch {
            FileHandle.standardError.write(Data("gatepost: not written into the audit: \(error)\n".utf8))
        }
    }
}

extension String {
    fileprivate var trimmed: String { String(drop(while: { $0 == " " })) }
}
