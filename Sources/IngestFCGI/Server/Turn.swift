import Common
import Foundation
import Synchronization

/// One thread's round: poll the listening socket and every kept connection, take the next request of each that is readable, judge them,
/// commit them in one transaction, answer, go round. Nothing is handed from thread to thread; the more load, the more events share an fsync.
///
/// nginx has buffered a request whole before it calls (`fastcgi_request_buffering on`), so that reading does not wait.
final class Turn {
    private let desk: Desk
    private let listener: ListeningSocket
    private let stop: StopSignal
    private let limits: TurnLimits
    private var connections: [Connection] = []

    init(desk: Desk, listener: ListeningSocket, stop: StopSignal, limits: TurnLimits) {
        self.desk = desk
        self.listener = listener
        self.stop = stop
        self.limits = limits
    }

    /// Returns when `stop` was given and what had come by then is answered.
    func run() {
        var stopping = false
        while true {
            if stop.isGiven, !stopping {
                stopping = true
                if listener.endsWithUs { acceptWaiting() }
            }
            let ready = wait(timeout: stopping ? StopSignal.grace : -1)
            if ready.isEmpty, stopping { break }
            if ready.contains(listener.descriptor) { acceptWaiting() }
            serve(ready)
        }
        for connection in connections { close(connection) }
    }

    /// The descriptors that have something to read.
    private func wait(timeout: Int32) -> Set<Int32> {
        // While stopping, who calls on systemd's socket waits for our successor.
        var polled = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        if timeout < 0 {
            polled.append(pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0))
            polled.append(pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0))
        }
        guard poll(&polled, nfds_t(polled.count), timeout) > 0 else { return [] }
        return Set(polled.lazy.filter { $0.revents != 0 }.map(\.fd))
    }

    private func acceptWaiting() {
        while connections.count < limits.pollable, let descriptor = listener.accept() {
            limits.open.add(1, ordering: .relaxed)
            connections.append(Connection(descriptor: descriptor))
        }
    }

    private struct Request {
        let connection: Connection
        let head: RequestHead
        let since: ContinuousClock.Instant
    }

    private func serve(_ ready: Set<Int32>) {
        var replies: [(Request, Reply)] = []
        var posts: [(Request, [NewEvent])] = []
        var lines: [LogLine] = []
        var bodyBytes = 0
        let now = WallClock.system.now()
        for connection in connections where ready.contains(connection.descriptor) {
            // The rest is readable still, and comes in the next round.
            guard posts.count < TurnLimits.requests, bodyBytes < TurnLimits.bodyBytes else { break }
            let since = ContinuousClock.now
            guard let head = connection.receive(newID: newRequestID) else {
                drop(connection)
                continue
            }
            let request = Request(connection: connection, head: head, since: since)
            switch judge(request, now: now, &bodyBytes) {
            case .success(.events(let events)): posts.append((request, events))
            case .success(.reply(let reply)): replies.append((request, reply))
            case .failure(let refusal):
                replies.append((request, .refused(refusal)))
                lines.append(.refused(refusal, head, at: now))
            }
        }
        for ((request, events), result) in zip(posts, desk.commit(posts.map(\.1), now: now)) {
            switch result {
            case .success(let outcomes):
                replies.append((request, .stored(outcomes)))
                let took = (ContinuousClock.now - request.since).milliseconds
                lines += zip(outcomes, events).map { .answered($0, of: $1, took: took, at: now) }
            case .failure(let refusal):
                replies.append((request, .refused(refusal)))
                lines.append(.refused(refusal, request.head, at: now))
            }
        }
        // A connection that would be kept busy must not keep us from ending.
        let isLast = stop.isGiven
        for (request, reply) in replies {
            let bytes = reply.bytes(requestID: request.head.requestID)
            if !request.connection.answer(bytes, isLast: isLast) { drop(request.connection) }
        }
        LogSink.write(lines)
        rotate()
    }

    private enum Judgement {
        case events([NewEvent])
        case reply(Reply)
    }

    private func judge(_ request: Request, now: Timestamp, _ bodyBytes: inout Int) -> Result<Judgement, Refusal> {
        if limits.isOverfull {
            request.connection.discardBody()
            return .failure(.busy)
        }
        switch desk.admit(request.head) {
        case .read(let head, let source, let tenant):
            let body = request.connection.body(head.contentLength ?? 0)
            bodyBytes += body.count
            return desk.decide(head, source, tenant, body: body, now: now).map { .events($0) }
        case .reply(_, let result):
            request.connection.discardBody()
            return result.map { .reply($0) }
        }
    }

    /// So that no connection is always the last.
    private func rotate() {
        guard connections.count > TurnLimits.requests else { return }
        connections = Array(connections[TurnLimits.requests...] + connections[..<TurnLimits.requests])
    }

    private func drop(_ connection: Connection) {
        close(connection)
        connections.removeAll { $0 === connection }
    }

    private func close(_ connection: Connection) {
        connection.close()
        limits.open.subtract(1, ordering: .relaxed)
    }

    private func newRequestID() -> String { String(decoding: Hex.encode(Crypto.random(16)), as: UTF8.self) }
}

/// What a turn may hold at one time.
final class TurnLimits: Sendable {
    /// Posts in one transaction, and bytes of their bodies: what a round may keep in memory and how long a commit may take.
    static let requests = 128
    static let bodyBytes = 8 << 20

    /// Connections open in all turns.
    let open = Atomic<Int>(0)
    private let most: Int

    init(maxConnections: Int) { most = maxConnections }

    /// Beyond the limit requests are read and refused, so that the provider hears 503 and not a hang-up; beyond this, they wait in the backlog.
    var pollable: Int { most * 2 }

    var isOverfull: Bool { open.load(ordering: .relaxed) > most }
}
