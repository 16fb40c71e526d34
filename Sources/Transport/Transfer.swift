import CCurl
import Foundation

/// One request under way. Owns its `CURL*`, its list of headers and what has come of the answer; cleans up once.
final class Transfer {
    let handle: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    fileprivate var headers: [(name: String, value: String)] = []
    fileprivate var body: [UInt8] = []
    private let mostBytes: Int
    /// Nil without a body.
    private var upload: Upload?
    /// Nil but for a mail.
    private var mail: MailUpload?

    private init?(_ options: TransferOptions) {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        mostBytes = options.mostBytes
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    convenience init?(_ request: HTTPRequest, _ options: TransferOptions) {
        self.init(options)
        configure(request, options)
    }

    convenience init?(_ mail: Mail, _ options: TransferOptions) {
        self.init(options)
        configure(HTTPRequest(method: "GET", url: mail.url), options)
        self.mail = MailUpload(mail, on: handle)
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    private func configure(_ request: HTTPRequest, _ options: TransferOptions) {
        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, options.httpsOnly ? "https" : "http,https")
        if let authorities = options.authorities { set(CURLOPT_CAINFO, authorities) }
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(options.connectTimeout))
        set(CURLOPT_TIMEOUT_MS, Self.milliseconds(options.timeout))
        if let caFile = request.caFile { set(CURLOPT_CAINFO, caFile) }
        set(CURLOPT_USERAGENT, options.userAgent)
        gatepost_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
        if request.method == "POST" {
            set(CURLOPT_POST, 1)
            set(CURLOPT_POSTFIELDSIZE, request.body.count)
            upload = Upload(request.body, on: handle)
        } else if request.method != "GET" {
            set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        // Without this libcurl asks leave for a body over 1 MiB and waits a second for servers that know nothing of it.
        for (name, value) in request.headers + [("Expect", "")] {
            headerList = curl_slist_append(headerList, value.isEmpty ? "\(name):" : "\(name): \(value)")
        }
        gatepost_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headerList)
        let this = Unmanaged.passUnretained(self).toOpaque()
        gatepost_curl_set_pointer(handle, CURLOPT_PRIVATE, this)
        gatepost_curl_set_pointer(handle, CURLOPT_WRITEDATA, this)
        gatepost_curl_set_pointer(handle, CURLOPT_HEADERDATA, this)
        gatepost_curl_set_sink(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().takeBody(
                UnsafeRawBufferPointer(start: bytes, count: size * count))
            return size * count
        }
        gatepost_curl_set_sink(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().takeHeader(String(decoding: line, as: UTF8.self))
            return size * count
        }
    }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) {
        body.append(contentsOf: bytes.prefix(max(0, mostBytes - body.count)))
    }

    private func takeHeader(_ line: String) {
        if line.hasPrefix("HTTP/") { headers = [] }  // of the last answer alone: a 100 Continue may come before it
        guard headers.count < 200, let colon = line.firstIndex(of: ":") else { return }
        let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
        headers.append((line[..<colon].lowercased(), value))
    }

    /// Read when libcurl says that the transfer is done.
    func result(_ code: CURLcode) -> Result<HTTPResponse, TransportError> {
        guard code == CURLE_OK else {
            let own = String(cString: errorText)
            return .failure(TransportError(kind: kind(of: code), text: own.isEmpty ? String(cString: curl_easy_strerror(code)) : own))
        }
        var status = 0
        gatepost_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        return .success(HTTPResponse(status: status, headers: headers, body: body))
    }

    private func kind(of code: CURLcode) -> TransportError.Kind {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .dns
        case CURLE_COULDNT_CONNECT: .connect
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            .tls
        case CURLE_OPERATION_TIMEDOUT: kindOfTimeout
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM: .reset
        default: .other
        }
    }

    /// What was waited for: a name, a connection, or an answer. libcurl says so in its words alone (lib/multi.c, lib/connect.c).
    private var kindOfTimeout: TransportError.Kind {
        let text = String(cString: errorText)
        if text.hasPrefix("Resolving timed out") { return .dns }
        return ["Failed to connect", "Connection timed out", "Connection timeout"].contains(where: text.hasPrefix) ? .connect : .timeout
    }

    private static func milliseconds(_ duration: Duration) -> Int { Int(duration / .milliseconds(1)) }

    private func set(_ option: CURLoption, _ value: Int) { gatepost_curl_set_long(handle, option, value) }

    private func set(_ option: CURLoption, _ value: String) { gatepost_curl_set_string(handle, option, value) }
}
