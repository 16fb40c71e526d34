import Common

/// Whether payloads are encrypted, and can be read.
struct EncryptionCheckup: Checkup {
    /// Nil where the store could not be asked.
    let state: SealingState?
    let encryption: Settings.Encryption

    var findings: [Finding] { state.map { [finding($0)] } ?? [.skip("encryption", "the store could not be asked")] }

    private func finding(_ state: SealingState) -> Finding {
        switch state {
        case .locked(let id):
            .fail(
                "encryption", state.words(encryption),
                fix: "put key \(id) back into GATEPOST_DATA_KEY; nothing is lost meanwhile (docs/runbooks/lost-key.md)")
        case .plain where encryption.mode == .off:
            .warn("encryption", "off: payloads lie in the store as they came", fix: "encrypt the disk, or see docs/privacy.md")
        case .plain where encryption.keys.all.isEmpty:
            .warn("encryption", "no data key: payloads lie in the store as they came", fix: "see docs/privacy.md, Encryption at rest")
        case .open(let id) where encryption.keys.active?.id != id:
            .warn("encryption", state.words(encryption), fix: "gatepost keys rotate")
        case .open, .plain: .pass("encryption", state.words(encryption))
        }
    }
}

extension SealingState {
    func words(_ encryption: Settings.Encryption) -> String {
        switch self {
        case .plain: encryption.keys.active.map { "key \($0.id), from ingest's next start on" } ?? "off"
        case .locked(let id): "LOCKED: the store's key is \(id), and GATEPOST_DATA_KEY does not have it"
        case .open where encryption.mode == .off: "off; what was encrypted can be read"
        case .open(let id):
            encryption.keys.active.map { $0.id == id ? "key \(id)" : "key \($0.id), some of it still \(id)" } ?? "key \(id)"
        }
    }
}
