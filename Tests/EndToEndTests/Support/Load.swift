import Foundation
import Synchronization

/// Posts that keep coming until they are told to stop, and how often each status was the answer.
final class Load: Sendable {
    private let held = Mutex<[Int: Int]>([:])
    private let senders: Mutex<Task<Void, Never>?> = Mutex(nil)

    var counts: [Int: Int] { held.withLock { $0 } }

    private func add(_ status: Int) { held.withLock { $0[status, default: 0] += 1 } }

    /// Four senders of fresh events of Stripe's.
    static func begin(on sandbox: Sandbox) -> Load {
        let load = Load()
        let task = Task {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        while !Task.isCancelled {
                            load.add((try? await sandbox.post(Events.stripeCustomer(), as: "stripe").status) ?? 0)
                        }
                    }
                }
            }
        }
        load.senders.withLock { $0 = task }
        return load
    }

    func end() async {
        let task = senders.withLock { $0 }
        task?.cancel()
        await task?.value
    }
}
