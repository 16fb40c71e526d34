extension Settings.WordPress {
    /// `Authorization` as this WordPress wants it: the application password where there is a user, else the token; nil: the signature is
    /// all it gets.
    public var authorization: String? {
        if let user, let appPassword {
            let pair = Bytes("\(user):".utf8) + appPassword.bytes
            return "Basic " + String(decoding: Base64.encode(pair), as: UTF8.self)
        }
        return token.map { "Bearer \($0.exposed)" }
    }
}
