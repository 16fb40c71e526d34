import CCurl

/// What libcurl reads of ours, piece by piece, while a transfer is under way. A copy of its own (CURLOPT_COPYPOSTFIELDS) would stand in
/// memory beside ours: megabytes, for each request.
final class Upload {
    private let bytes: [UInt8]
    private var sent = 0

    /// Keep it until the handle is cleaned up.
    init(_ bytes: [UInt8], on handle: UnsafeMutableRawPointer) {
        self.bytes = bytes
        let this = Unmanaged.passUnretained(self).toOpaque()
        gatepost_curl_set_pointer(handle, CURLOPT_READDATA, this)
        gatepost_curl_set_sink(handle, CURLOPT_READFUNCTION) { room, size, count, context in
            guard let room, let context else { return 0 }
            return Unmanaged<Upload>.fromOpaque(context).takeUnretainedValue().fill(
                UnsafeMutableRawBufferPointer(start: room, count: size * count))
        }
        // It begins anew "when an existing HTTP connection is reused too late and the server closes the connection" (CURLOPT_SEEKFUNCTION).
        gatepost_curl_set_pointer(handle, CURLOPT_SEEKDATA, this)
        gatepost_curl_set_seek(handle, CURLOPT_SEEKFUNCTION) { context, offset, origin in
            guard let context, origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
            return Unmanaged<Upload>.fromOpaque(context).takeUnretainedValue().goBack(to: Int(offset))
        }
    }

    /// "Return the actual number of bytes that it stored": 0 is the end.
    private func fill(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, bytes.count - sent)
        room.copyBytes(from: bytes[sent..<sent + count])
        sent += count
        return count
    }

    private func goBack(to place: Int) -> Int32 {
        guard (0...bytes.count).contains(place) else { return CURL_SEEKFUNC_FAIL }
        sent = place
        return CURL_SEEKFUNC_OK
    }
}
