import Foundation
import Synchronization
import Testing

@testable import Common

@Suite struct LockWaitersTests {
    private let scratch: ScratchStore
    private let other: Store

    init() throws {
        scratch = try ScratchStore()
        other = try Store(path: scratch.store.path)
    }

    private func inBackground(_ body: @escaping @Sendable () -> Void) -> DispatchSemaphore {
        let done = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            body()
            done.signal()
        }
        return done
    }

    @Test func whoWaitsIsSeenUntilItHasTheLock() throws {
        #expect(!scratch.store.waiters.areThere)
        var done: DispatchSemaphore?
        var seen = false
        try scratch.store.write { _ in
            done = inBackground { [other] in try? other.write { _ in } }
            for _ in 0..<1000 where !seen {
                seen = scratch.store.waiters.areThere
                if !seen { usleep(5000) }
            }
        }
        done?.wait()
        #expect(seen)
        #expect(!scratch.store.waiters.areThere)
    }

    /// Also where it has given up, and where nobody told it to.
    @Test func whoGivesUpWaitsNoMore() throws {
        let hasty = try Store(path: scratch.store.path, busyTimeout: .milliseconds(5))
        let error = try scratch.store.write { _ in #expect(throws: StoreError.self) { try hasty.write { _ in } } }
        #expect(error != nil)
        withExtendedLifetime(hasty) { #expect(!scratch.store.waiters.areThere) }
    }

    /// Another's transactions come one upon the other: without their leaving the lock these few would find it by chance alone.
    @Test func whoWaitsComesBetween() throws {
        let transactions = 100
        let done = Progress()
        let others = inBackground { [other] in
            while done.transactions.load(ordering: .relaxed) == 0 { usleep(1000) }
            for _ in 0..<10 where (try? other.write { _ in }) != nil { done.others.add(1, ordering: .relaxed) }
            done.atOthersEnd.store(done.transactions.load(ordering: .relaxed), ordering: .relaxed)
        }
        for _ in 0..<transactions {
            try scratch.store.writeInTurn { _ in _ = usleep(20_000) }
            done.transactions.add(1, ordering: .relaxed)
        }
        others.wait()
        let (some, at) = (done.others.load(ordering: .relaxed), done.atOthersEnd.load(ordering: .relaxed))
        #expect(some == 10)
        #expect(at < transactions / 2)
    }

    private final class Progress: Sendable {
        let transactions = Atomic<Int>(0)
        let others = Atomic<Int>(0)
        /// Transactions when all others were through.
        let atOthersEnd = Atomic<Int>(0)
    }
}
