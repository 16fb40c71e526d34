import CMalloc

/// The C library's allocator, told that this program works in rounds. Before the store is opened.
enum Allocator {
    /// What a round took is wanted again in the next one. By default glibc gives memory at a heap's end back to the kernel as soon as
    /// 128 KiB are free there, and every round would fault its pages in anew (mallopt(3), M_TRIM_THRESHOLD, M_TOP_PAD).
    static func keepWhatARoundTakes() {
        _ = mallopt(M_TRIM_THRESHOLD, 16 << 20)
        _ = mallopt(M_TOP_PAD, 1 << 20)
        // Larger blocks are mapped by themselves, and unmapped when freed: a body near the cap must not stay with us.
        _ = mallopt(M_MMAP_THRESHOLD, 256 << 10)
        // SQLite counts what it takes, under a lock each time, for statistics that nobody asks for: eleven times an event.
        _ = gatepost_sqlite_counts_no_memory()
    }
}
