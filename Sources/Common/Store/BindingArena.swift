/// Memory for what one statement's parameters hold while it runs, so that SQLite need not allocate a copy of each.
///
/// "The object and pointer to it must remain valid until either the prepared statement is finalized or the same SQL parameter is bound to
/// something else" (sqlite3_bind_text): `RawStatement` clears its bindings before it clears the arena. One thread's, within one transaction.
final class BindingArena {
    private let size: Int
    let start: UnsafeMutableRawPointer
    private var used = 0

    init(bytes: Int = 32 << 10) {
        size = bytes
        start = .allocate(byteCount: bytes, alignment: 16)
    }

    deinit { start.deallocate() }

    /// A copy that stays until `clear`; nil where it does not fit.
    func keep(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let source = bytes.baseAddress, bytes.count <= size - used else { return nil }
        let place = start + used
        place.copyMemory(from: source, byteCount: bytes.count)
        used += bytes.count
        return UnsafeRawBufferPointer(start: place, count: bytes.count)
    }

    func clear() { used = 0 }
}
