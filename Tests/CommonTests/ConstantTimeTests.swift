import Foundation
import Testing

/// What must not tell by its time where a wrong byte stands is compared by `Crypto.equal` alone. Held against the sources, since no time is
/// measured here; `bench/timing` counts instructions.
@Suite struct ConstantTimeTests {
    private static let names = "(?:secrets?|signatures?|codes?|digests?|macs?|passwords?|tokens?|exposed|presented)"

    /// Comparisons that end at the first difference, with one of these names on either side. `.token` is a scheme's word, nil is no secret.
    private static let patterns = [
        #"(?<![.\w"])\#(names)(?:\.(?:bytes|utf8|exposed|first|last))?[!?]? *(?:==|!=)(?! *nil\b)"#,
        #"(?:==|!=) *(?<![.\w])\#(names)\b(?!\.count|:)"#,
        #"(?<![\w"])\#(names)(?:\.(?:bytes|utf8|exposed))?[!?]?\.(?:elementsEqual|starts|hasPrefix|hasSuffix|contains|firstIndex|firstRange)\b"#,
        #"\b(?:elementsEqual|hasPrefix|hasSuffix|contains|firstIndex\(of:|starts\(with:|ASCII\.equal)\(? *\#(names)\b(?!:)"#,
    ]

    /// Prefixes that every secret of the kind has; they are told in the provider's documents, or in ours.
    private static let harmless = ["whsec_", "verify:"].map { #"secret.starts(with: "\#($0)".utf8)"# }

    private static func isEarlyEnding(_ line: String) -> Bool {
        let line = harmless.reduce(line) { $0.replacing($1, with: "true") }
        let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
        return patterns.contains { code.range(of: $0, options: .regularExpression) != nil }
    }

    @Test(arguments: [
        ("if signature == expected { return true }", true), ("guard digest != other else {", true), ("left == secret", true),
        ("secret.bytes == text", true), ("signature.elementsEqual(code)", true), ("secrets.contains(text)", true),
        ("text.elementsEqual(secret)", true), ("all.contains(token)", true), ("signatures.firstIndex(of: code)", true),
        ("Crypto.equal(signature, code)", false), ("digest == nil", false), ("scheme.algorithm == .token", false),
        ("// signature == code", false), ("secret.count == 32", false), (#"secret.starts(with: "whsec_".utf8)"#, false),
        ("signatures.isEmpty", false), ("EVP_MAC_final(context, &code, &count, code.count) == 1", false),
    ])
    func knows(_ line: String, isEarlyEnding expected: Bool) { #expect(Self.isEarlyEnding(line) == expected) }

    @Test(arguments: ["Common/Verification", "Common/Crypto", "Common/Provider", "IngestFCGI/Pipeline"])
    func noneIsInTheSources(_ folder: String) throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/\(folder)")
        let files = try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }
        #expect(files.count > 3)
        for file in files {
            let lines = try String(contentsOf: sources.appending(path: file), encoding: .utf8).split(separator: "\n").map(String.init)
            for line in lines where Self.isEarlyEnding(line) { Issue.record("\(folder)/\(file): use Crypto.equal: \(line)") }
        }
    }
}
