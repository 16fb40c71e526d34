import CFCGI
import Common
import Foundation

/// One connection from the web server. Owns its descriptor and libfcgi's `FCGX_Request`, and frees both once.
///
/// The request lives on the heap because libfcgi keeps pointers into it. Used by one thread at a time.
final class Connection {
    private let request: UnsafeMutablePointer<FCGX_Request>

    /// - Parameter descriptor: an accepted connection, ours from here on.
    init(descriptor: Int32) {
        request = .allocate(capacity: 1)
        request.initialize(to: FCGX_Request())
        // The listening socket is ours to accept on, never libfcgi's: with -1, FCGX_Accept_r on a connection that the web server has
        // closed fails at once instead of waiting in accept(2).
        FCGX_InitRequest(request, -1, 0)
        request.pointee.ipcFd = descriptor
        // FCGX_Accept_r first finishes the request before, and there is none: without this it would close the connection.
        request.pointee.keepConnection = 1
    }

    deinit {
        close()
        request.deinitialize(count: 1)
        request.deallocate()
    }

    /// To poll. Negative once the connection is closed.
    var descriptor: Int32 { request.pointee.ipcFd }

    /// Reads the head of the next request. Nil when the web server has closed the connection or speaks no FastCGI.
    /// Call it when the descriptor is readable; a sender that stops half-way ends it after the descriptor's receive time-out.
    func receive(newID: () -> String) -> RequestHead? {
        guard FCGX_Accept_r(request) == 0 else { return nil }
        return RequestHead(parameters: ParameterList(request.pointee.envp), newID: newID)
    }

    /// Up to `count` bytes of the body; fewer where the sender ended early.
    func body(_ count: Int) -> Bytes {
        // The record that ends the body has to be read too, or the next request on this connection begins with it.
        defer { discardBody() }
        var body = Bytes()
        body.append(addingCapacity: count) { span in
            span.withUnsafeMutableBufferPointer { buffer, filled in
                let read = buffer.withMemoryRebound(to: CChar.self) { FCGX_GetStr($0.baseAddress, Int32(count), request.pointee.in) }
                filled = max(0, Int(read))
            }
        }
        return body
    }

    /// Reads what is left of a body that nobody wants, so that the connection stays in step.
    func discardBody() {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
            while FCGX_GetStr(buffer.baseAddress, Int32(buffer.count), request.pointee.in) == buffer.count {}
        }
    }

    /// Writes the answer and ends the request. The connection stays open where the web server asked for it and we go on; then true.
    func answer(_ bytes: Bytes, isLast: Bool) -> Bool {
        let isKept = request.pointee.keepConnection != 0 && !isLast
        // Closing is ours: libfcgi waits up to two seconds for the other side to close first, and everybody else with it.
        request.pointee.keepConnection = 1
        _ = bytes.withUnsafeBytes {
            FCGX_PutStr($0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), request.pointee.out)
        }
        FCGX_Finish_r(request)
        return isKept && request.pointee.ipcFd >= 0
    }

    /// More than once is harmless.
    func close() {
        if request.pointee.ipcFd >= 0 { Glibc.close(request.pointee.ipcFd) }
        request.pointee.ipcFd = -1
        FCGX_Free(request, 0)
    }
}
