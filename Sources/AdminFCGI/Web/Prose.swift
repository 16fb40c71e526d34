/// A sentence as `CauseFix`, `Explanation` and the like word it: what stands between backticks is a command.
struct Prose {
    struct Part {
        let text: String
        let isCode: Bool
    }

    let parts: [Part]

    /// - Parameter goesOn: it stands behind other words, and begins as it is.
    init(_ text: String, goesOn: Bool = false) {
        let sentence = goesOn ? text : text.prefix(1).uppercased() + text.dropFirst()
        let pieces = sentence.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        // A backtick without a second one is only that.
        guard pieces.count % 2 == 1 else {
            parts = [Part(text: sentence, isCode: false)]
            return
        }
        parts = pieces.enumerated().map { Part(text: $1, isCode: $0 % 2 == 1) }.filter { !$0.text.isEmpty }
    }
}

/// A long name in the pieces between which a narrow page may break it: `checkout.` `session.` `completed`.
enum BreakableName {
    static func pieces(_ name: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in name {
            piece.append(character)
            if "._-:/@".contains(character) {
                pieces.append(piece)
                piece = ""
            }
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }
}
