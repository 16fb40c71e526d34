import Foundation

/// What happens to secrets when they are copied, undone.
enum SecretVariants {
    struct Variant {
        /// Ends the sentence "it verifies …".
        let words: String
        let secret: Bytes
        let form: Scheme.SecretForm
    }

    /// Each other than the secret as the scheme reads it.
    static func all(of secret: Bytes, _ form: Scheme.SecretForm) -> [Variant] {
        let text = String(decoding: secret, as: UTF8.self)
        var list: [Variant] = []
        func add(_ words: String, _ changed: some StringProtocol) {
            let changed = Bytes(changed.utf8)
            if changed != secret, !changed.isEmpty { list.append(Variant(words: words, secret: changed, form: form)) }
        }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        add("once the white space round our secret is removed", trimmed)
        if let first = trimmed.first, trimmed.count > 2, first == "\"" || first == "'", trimmed.last == first {
            let inner = trimmed.dropFirst().dropLast()
            add("once the quotes round our secret are removed", inner)
            add(
                "once the quotes round our secret and the white space within them are removed",
                inner.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        if text.hasSuffix("\\n") { add("once the \\n at our secret's end is removed", text.dropLast(2)) }
        add("once the %XX in our secret are decoded", text.removingPercentEncoding ?? "")
        add("with a line feed behind our secret: it was pasted so at the provider's", text + "\n")
        add("with a blank behind our secret: it was pasted so at the provider's", text + " ")
        add("with a blank before our secret: it was pasted so at the provider's", " " + text)
        if text.hasPrefix("whsec_") { add("once whsec_ is taken off our secret", text.dropFirst(6)) }
        if !text.hasPrefix("whsec_") { add("once whsec_ is put before our secret", "whsec_" + text) }
        add("once our secret's letters are lower case", text.lowercased())
        add("once our secret's letters are upper case", text.uppercased())
        return list + readings(secret, form)
    }

    private static func readings(_ secret: Bytes, _ form: Scheme.SecretForm) -> [Variant] {
        let words: [(Scheme.SecretForm, String)] = [
            (.text, "with our secret taken as text"), (.base64, "with our secret decoded from base 64"),
            (.hex, "with our secret decoded from hex"), (.standardWebhooks, "with our secret decoded from base 64 behind whsec_"),
        ]
        return words.filter { $0.0 != form }.map { Variant(words: $0.1, secret: secret, form: $0.0) }
    }
}
