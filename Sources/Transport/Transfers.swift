import CCurl

/// Requests under way together over connections that are kept and used again. One thread's.
public final class Transfers<Tag> {
    public typealias Options = TransferOptions

    private let multi: UnsafeMutableRawPointer
    private var running: [UnsafeMutableRawPointer: (transfer: Transfer, tag: Tag)] = [:]
    private let options: Options

    /// - Parameter mostPerHost: connections to one host at one time; further requests wait for one.
    public init(options: Options, mostPerHost: Int) throws(TransportError) {
        // "If this is not thread-safe, you must not call it when any other thread is running": our callers start none before.
        curl_global_init(Int(CURL_GLOBAL_ALL))
        guard let multi = curl_multi_init() else { throw TransportError(kind: .other, text: "libcurl: out of memory") }
        self.multi = multi
        self.options = options
        gatepost_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, mostPerHost)
    }

    deinit {
        for (transfer, _) in running.values { curl_multi_remove_handle(multi, transfer.handle) }
        curl_multi_cleanup(multi)
    }

    public var count: Int { running.count }

    public func start(_ request: HTTPRequest, tag: Tag) throws(TransportError) {
        try add(Transfer(request, options), tag)
    }

    public func start(_ mail: Mail, tag: Tag) throws(TransportError) { try add(Transfer(mail, options), tag) }

    private func add(_ transfer: Transfer?, _ tag: Tag) throws(TransportError) {
        guard let transfer else { throw TransportError(kind: .other, text: "libcurl: out of memory") }
        guard curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else {
            throw TransportError(kind: .other, text: "libcurl would not take a request")
        }
        running[transfer.handle] = (transfer, tag)
    }

    /// Waits for something to happen, at most `milliseconds`, and gives what is done.
    public func wait(milliseconds: Int32) -> [(tag: Tag, result: Result<HTTPResponse, TransportError>)] {
        var still: Int32 = 0
        curl_multi_perform(multi, &still)
        var done = finished()
        if done.isEmpty, still > 0 {
            curl_multi_poll(multi, nil, 0, milliseconds, nil)
            curl_multi_perform(multi, &still)
            done = finished()
        }
        return done
    }

    private func finished() -> [(tag: Tag, result: Result<HTTPResponse, TransportError>)] {
        var list: [(Tag, Result<HTTPResponse, TransportError>)] = []
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            // "The data the returned pointer points to does not survive calling curl_multi_remove_handle": the code first.
            let code = message.pointee.data.result
            guard let (transfer, tag) = running.removeValue(forKey: handle) else { continue }
            list.append((tag, transfer.result(code)))
            curl_multi_remove_handle(multi, handle)
        }
        return list
    }
}

/// What holds for every request.
public struct TransferOptions: Sendable {
    public var connectTimeout: Duration
    /// From the start of a request to the end of its answer.
    public var timeout: Duration
    public var userAgent: String
    /// Of an answer's body; what comes after is thrown away.
    public var mostBytes = HTTPResponse.mostBytes
    /// Nothing but https.
    public var httpsOnly = false
    /// A PEM file of the authorities that a server's certificate must lead to; nil: the system's.
    public var authorities: String?

    public init(connectTimeout: Duration, timeout: Duration, userAgent: String) {
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.userAgent = userAgent
    }
}
