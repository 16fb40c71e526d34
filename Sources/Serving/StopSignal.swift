import Foundation
import Synchronization

/// SIGTERM and SIGINT as something to poll: readable from the moment they came, for every turn. SIGHUP asks for something else.
public final class StopSignal: Sendable {
    /// ms without any request before a stopping turn closes its connections.
    public static let grace: Int32 = 100

    public let descriptor: Int32
    private let writeEnd: Int32
    private let given = Atomic<Bool>(false)

    /// Blocks all three signals in this thread and in every one that it starts later. Call it first, and after FCGX_Init, whose own handlers
    /// only set a flag for libfcgi's accept loop.
    public init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no descriptors left")
        descriptor = ends[0]
        writeEnd = ends[1]
        signal(SIGPIPE, SIG_IGN)
        var signals = Self.signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// A reload asked for while we still start must not end us; it waits until `waitForSignal`.
    public static func blockHangup() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGHUP)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    public var isGiven: Bool { given.load(ordering: .acquiring) }

    /// Waits for SIGTERM or SIGINT, then gives the word. The descriptor stays readable.
    /// - Parameter onHangup: called at each SIGHUP until then.
    public func waitForSignal(onHangup: () -> Void) {
        var signals = Self.signals
        var number: Int32 = 0
        while true {
            guard sigwait(&signals, &number) == 0 else { continue }
            guard number == SIGHUP else { break }
            onHangup()
        }
        given.store(true, ordering: .releasing)
        close(writeEnd)  // a pipe without a writer is readable for ever
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGHUP)
        return signals
    }
}
