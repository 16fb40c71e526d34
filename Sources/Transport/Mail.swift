import CCurl

/// One mail to one SMTP server.
public struct Mail: Sendable {
    public enum Encryption: Sendable {
        /// On this machine alone: neither the text nor a password is hidden.
        case none
        /// `smtps`, or STARTTLS before anything else is said; without it nothing is sent.
        case required
    }

    /// `smtp://host:port` or `smtps://host:port`.
    public var url: String
    public var encryption: Encryption
    public var user: String?
    public var password: String?
    public var from: String
    public var to: [String]
    /// Header and body, lines ending in CR LF. libcurl doubles a dot at a line's start.
    public var text: [UInt8]

    public init(url: String, encryption: Encryption, user: String?, password: String?, from: String, to: [String], text: [UInt8]) {
        self.url = url
        self.encryption = encryption
        self.user = user
        self.password = password
        self.from = from
        self.to = to
        self.text = text
    }
}

/// A mail while its transfer is under way. Owns the list of recipients, which libcurl keeps a pointer to.
final class MailUpload {
    private let text: Upload
    private var recipients: UnsafeMutablePointer<curl_slist>?

    init(_ mail: Mail, on handle: UnsafeMutableRawPointer) {
        text = Upload(mail.text, on: handle)
        gatepost_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        gatepost_curl_set_long(
            handle, CURLOPT_USE_SSL, Int(mail.encryption == .required ? CURLUSESSL_ALL.rawValue : CURLUSESSL_NONE.rawValue))
        if let user = mail.user, let password = mail.password {
            gatepost_curl_set_string(handle, CURLOPT_USERNAME, user)
            gatepost_curl_set_string(handle, CURLOPT_PASSWORD, password)
        }
        gatepost_curl_set_string(handle, CURLOPT_MAIL_FROM, "<\(mail.from)>")
        for address in mail.to { recipients = curl_slist_append(recipients, "<\(address)>") }
        gatepost_curl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients)
        gatepost_curl_set_long(handle, CURLOPT_UPLOAD, 1)
    }

    /// Freed after the handle, which `Transfer` cleans up first.
    deinit { curl_slist_free_all(recipients) }
}
