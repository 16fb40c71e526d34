import Common
import Foundation
import Serving

/// One thread's round: poll the listening socket and every kept connection, take the next request of each that is readable, judge them,
/// commit them in one transaction, answer, go round. Nothing is handed from thread to thread; the more load, and the slower the disk, the
/// more events share an fsync.
///
/// nginx has buffered a request whole before it calls (`fastcgi_request_buffering on`), so that reading does not wait.
final class Turn {
    private let current: CurrentDesk
    private let listener: ListeningSocket
    private let stop: StopSignal
    private let limits: TurnLimits
    private let notes: NoteKeeper
    private var connections: [Connection] = []
    /// Of `connections`, the place of the first whose turn it is.
    private var first = 0
    private var size = RoundSize()
    /// Kept, so that a round need not make it anew.
    private var polled: [pollfd] = []

    init(desk: CurrentDesk, listener: ListeningSocket, stop: StopSignal, limits: TurnLimits, notes: NoteKeeper) {
        current = desk
        self.listener = listener
        self.stop = stop
        self.limits = limits
        self.notes = notes
    }

    /// Returns when `stop` was given and what had come by then is answered.
    func run() {
        var stopping = false
        while true {
            if stop.isGiven, !stopping {
                stopping = true
                if listener.endsWithUs { acceptWaiting() }
            }
            // What there is to tell is told when there is nothing else to do at this moment.
            let ready = wait(timeout: stopping ? StopSignal.grace : notes.isEmpty ? -1 : 0, takesCallers: !stopping)
            if ready.isNothing, stopping { break }
            if ready.isNothing { notes.tell() }
            if ready.caller { acceptWaiting() }
            if !ready.connections.isEmpty { serve(ready.connections) }
            notes.tellDue()
        }
        for connection in connections { connection.close() }
    }

    private var isFull: Bool { connections.count >= TurnLimits.connections }

    /// What has something to read.
    private struct Ready {
        var connections: [Connection] = []
        /// Somebody calls on the listening socket.
        var caller = false
        var isNothing = true
    }

    private func wait(timeout: Int32, takesCallers: Bool) -> Ready {
        // While stopping, who calls on systemd's socket waits for our successor.
        // Taken out: each access to a class's field is checked against others.
        var polled: [pollfd] = []
        swap(&polled, &self.polled)
        defer { swap(&polled, &self.polled) }
        polled.removeAll(keepingCapacity: true)
        for connection in connections { polled.append(pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)) }
        if takesCallers {
            if !isFull { polled.append(pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)) }
            polled.append(pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0))
        }
        var ready = Ready()
        guard poll(&polled, nfds_t(polled.count), timeout) > 0 else { return ready }
        ready.isNothing = false
        ready.connections.reserveCapacity(connections.count)
        for place in connections.count..<polled.count where polled[place].revents != 0 && polled[place].fd == listener.descriptor {
            ready.caller = true
        }
        if first >= connections.count { first = 0 }
        for place in first..<connections.count where polled[place].revents != 0 { ready.connections.append(connections[place]) }
        for place in 0..<first where polled[place].revents != 0 { ready.connections.append(connections[place]) }
        return ready
    }

    private func acceptWaiting() {
        while !isFull, let descriptor = listener.accept() { connections.append(Connection(descriptor: descriptor)) }
    }

    /// A class: a head is some twenty fields, and passes through several lists.
    private final class Request {
        let connection: Connection
        let head: RequestHead
        /// By `SteadyClock`.
        let since: Int64

        init(connection: Connection, head: RequestHead, since: Int64) {
            (self.connection, self.head, self.since) = (connection, head, since)
        }
    }

    private func serve(_ ready: [Connection]) {
        // One round is judged by one set of settings.
        let desk = current.desk
        var replies: [(Request, Reply)] = []
        var posts: [Post] = []
        var refused: [Refused] = []
        var lines: [LogLine] = []
        var counts = Counters()
        var bodyBytes = 0
        let now = WallClock.system.now()
        let worked = ThreadClock.now
        // Read once a request: where one ends the next begins.
        var time = SteadyClock.now
        var left: Connection?
        for (place, connection) in ready.enumerated() {
            let isExcess = place >= limits.waiting
            // What does not fit into this round is readable still, and comes first in the next one.
            guard isExcess || posts.count < size.posts && bodyBytes < TurnLimits.bodyBytes else {
                left = left ?? connection
                continue
            }
            let since = time
            guard let head = connection.receive(newID: newRequestID) else {
                drop(connection)
                time = SteadyClock.now
                continue
            }
            let request = Request(connection: connection, head: head, since: since)
            let judged = isExcess ? refuseUnread(request) : judge(request, at: desk, now: now, &bodyBytes)
            time = SteadyClock.now
            switch judged.result {
            case .success(.store(let events, let acknowledgement)):
                posts.append(Post(request: request, events: events, acknowledgement: acknowledgement, verify: time - since))
            case .success(.reply(let reply)): replies.append((request, reply))
            case .failure(let refusal):
                replies.append((request, .refused(refusal, isBare: desk.gateway.refusesBare(head))))
                counts.refuse(refusal, head, by: desk.gateway)
                if let rejection = judged.rejection {
                    refused.append(Refused(head: head, refusal: refusal, rejection: rejection))
                } else {
                    lines += desk.refusals.lines(refusal, head, by: desk.gateway, at: now)
                }
            }
        }
        let (began, workedBefore) = (time, ThreadClock.now)
        let (results, kept) = desk.commit(posts.map(\.events), rejections: refused.map(\.rejection), now: now)
        lines += zip(refused, kept).flatMap { desk.refusals.lines($0.refusal, $0.head, id: $1, by: desk.gateway, at: now) }
        let stored = SteadyClock.now
        let commit = stored - began
        let wait = .nanoseconds(commit) - (ThreadClock.now - workedBefore)
        for (post, result) in zip(posts, results) {
            switch result {
            case .success(let outcomes): replies.append((post.request, .stored(outcomes, as: post.acknowledgement)))
            case .failure(let refusal): replies.append((post.request, .refused(refusal)))
            }
        }
        // A connection that would be kept busy must not keep us from ending.
        let isLast = stop.isGiven
        for (request, reply) in replies {
            let bytes = reply.bytes(requestID: request.head.requestID)
            if !request.connection.answer(bytes, isLast: isLast) { drop(request.connection) }
        }
        // Behind the answers: who reads the log may keep us waiting, and the senders need not wait for him.
        notes.add(at: stored) { notes in
            notes.log.begin(at: now)
            notes.log.add(lines)
            notes.counts.merge(counts)
            for (post, result) in zip(posts, results) {
                switch result {
                case .success(let outcomes):
                    guard Watching.isOn else { continue }
                    let took = stored - post.request.since
                    notes.durations.observe(microseconds: took / 1000)
                    notes.counts.answer(outcomes, to: post.events)
                    if Watching.hasTraces {
                        desk.writer.timings?.add(
                            outcomes, of: post.events,
                            IngestTiming(verifyNanoseconds: post.verify, commitNanoseconds: commit, totalNanoseconds: took))
                    }
                    for (outcome, event) in zip(outcomes, post.events) { notes.log.add(outcome, of: event, took: took / 1_000_000) }
                case .failure(let refusal):
                    notes.counts.refuse(refusal, post.request.head, by: desk.gateway)
                    notes.log.add(desk.refusals.lines(refusal, post.request.head, by: desk.gateway, at: now))
                }
            }
        }
        if let left, let place = connections.firstIndex(where: { $0 === left }) { first = place }
        if results.contains(where: \.hasStored) { size.note(posts: posts.count, work: ThreadClock.now - worked, wait: wait) }
    }

    private struct Post {
        let request: Request
        let events: [NewEvent]
        let acknowledgement: Acknowledgement?
        /// From its first byte until it was judged, in nanoseconds.
        let verify: Int64
    }

    /// A refused request that is to be kept.
    private struct Refused {
        let head: RequestHead
        let refusal: Refusal
        let rejection: NewRejection
    }

    private func refuseUnread(_ request: Request) -> Judgement {
        request.connection.discardBody()
        return Judgement(result: .failure(.busy))
    }

    private func judge(_ request: Request, at desk: Desk, now: Timestamp, _ bodyBytes: inout Int) -> Judgement {
        switch desk.admit(request.head) {
        case .read(let source, let tenant):
            let body = request.connection.body(request.head.contentLength ?? 0)
            bodyBytes += body.count
            return desk.judge(request.head, source, tenant, body: body, now: now)
        case .reply(let result):
            request.connection.discardBody()
            return Judgement(result: result.map { .reply($0) })
        }
    }

    private func drop(_ connection: Connection) {
        connection.close()
        connections.removeAll { $0 === connection }
    }

    private func newRequestID() -> String { String(decoding: Hex.encode(Crypto.random(16)), as: UTF8.self) }
}

extension Result<[StoreOutcome], Refusal> {
    /// Something was written for it.
    fileprivate var hasStored: Bool {
        guard case .success(let outcomes) = self else { return false }
        return outcomes.contains { if case .stored = $0 { true } else { false } }
    }
}

/// What a turn may hold at one time.
struct TurnLimits: Sendable {
    /// Posts in one transaction at most, see `RoundSize`, and bytes of their bodies: what a round may keep in memory and how long a commit
    /// may take.
    static let requests = 128
    static let bodyBytes = 8 << 20

    /// Open connections; nginx keeps idle ones (its workers times `keepalive`). Who calls beyond it waits in the backlog.
    static let connections = 2048

    /// Requests that may wait for this turn; who comes beyond is refused at once.
    let waiting: Int

    init(_ settings: Settings.Ingest) { waiting = max(1, settings.maxWaiting / settings.turns) }
}
