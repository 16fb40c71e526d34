import CFCGI
import Common
import Foundation

/// One request from the web server and its answer, on a connection of its own. Owns the descriptor and libfcgi's `FCGX_Request`, and
/// frees both once. Used by one thread.
///
/// The request lives on the heap because libfcgi keeps pointers into it.
final class Exchange {
    private let request: UnsafeMutablePointer<FCGX_Request>

    /// - Parameter descriptor: an accepted connection, ours from here on.
    init(descriptor: Int32) {
        request = .allocate(capacity: 1)
        request.initialize(to: FCGX_Request())
        // The listening socket is ours to accept on: with -1, libfcgi fails where it would wait in accept(2).
        FCGX_InitRequest(request, -1, 0)
        request.pointee.ipcFd = descriptor
        // FCGX_Accept_r first finishes the request before, and there is none: without this it would close the connection.
        request.pointee.keepConnection = 1
    }

    deinit {
        if request.pointee.ipcFd >= 0 { close(request.pointee.ipcFd) }
        request.pointee.ipcFd = -1
        FCGX_Free(request, 0)
        request.deinitialize(count: 1)
        request.deallocate()
    }

    /// Reads the request. Nil when the web server has gone or speaks no FastCGI. A body that is longer than we take is left unread.
    func receive() -> PageRequest? {
        guard FCGX_Accept_r(request) == 0 else { return nil }
        var parameters: [String: String] = [:]
        var next = request.pointee.envp
        while let text = next?.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { parameters[String(pair[0])] = String(pair[1]) }
            next = next?.advanced(by: 1)
        }
        var received = PageRequest(parameters: parameters)
        if let length = received.contentLength, (1...PageRequest.mostBodyBytes).contains(length) { received.body = body(length) }
        return received
    }

    private func body(_ count: Int) -> Bytes {
        Bytes(unsafeUninitializedCapacity: count) { buffer, filled in
            let read = buffer.withMemoryRebound(to: CChar.self) { FCGX_GetStr($0.baseAddress, Int32(count), request.pointee.in) }
            filled = max(0, Int(read))
        }
    }

    /// Writes the answer and ends the request.
    func answer(_ bytes: Bytes) {
        // Closing is ours: libfcgi waits up to two seconds for the other side to close first.
        request.pointee.keepConnection = 1
        _ = bytes.withUnsafeBytes {
            FCGX_PutStr($0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), request.pointee.out)
        }
        FCGX_Finish_r(request)
    }
}
