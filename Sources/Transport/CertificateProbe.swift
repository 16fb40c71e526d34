import CCurl

/// Asks a server for its certificate by an ordinary, verified request.
public enum CertificateProbe {
    /// When the certificate of that https URL's server ends, as OpenSSL writes it: `Feb 20 12:00:00 2027 GMT`; nil where libcurl does not say.
    public static func expiry(of url: String, _ options: TransferOptions) throws(TransportError) -> String? {
        curl_global_init(Int(CURL_GLOBAL_ALL))
        guard let transfer = Transfer(HTTPRequest(method: "GET", url: url), options) else {
            throw TransportError(kind: .other, text: "libcurl: out of memory")
        }
        gatepost_curl_set_long(transfer.handle, CURLOPT_CERTINFO, 1)
        if case .failure(let error) = transfer.result(curl_easy_perform(transfer.handle)) { throw error }
        var info: UnsafeMutablePointer<curl_certinfo>?
        guard gatepost_curl_get_certificates(transfer.handle, &info) == CURLE_OK, let info, info.pointee.num_of_certs > 0 else {
            return nil
        }
        // The first is the server's own; its fields are lines `Name:value`.
        var line = info.pointee.certinfo[0]
        while let entry = line {
            let text = String(cString: entry.pointee.data)
            if text.hasPrefix("Expire date:") { return String(text.dropFirst("Expire date:".count)) }
            line = entry.pointee.next
        }
        return nil
    }
}
