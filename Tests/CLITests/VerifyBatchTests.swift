import Common
import Foundation
import Testing

@testable import GatepostCLI

/// `gatepost verify --batch`: whatever a line holds, one line comes back.
@Suite struct VerifyBatchTests {
    private static let secret = "It's a Secret to Everybody"
    private static let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    /// GitHub's own example, with some of its members otherwise; nil leaves one out.
    private static func line(_ changes: [String: Any?] = [:]) throws -> Bytes {
        var root: [String: Any] = [
            "provider": "github", "name": "n", "secrets": [secret], "method": "POST", "url": "https://hooks.example.com/",
            "headers": ["X-Hub-Signature-256": signature], "body_base64": Data("Hello, World!".utf8).base64EncodedString(),
            "now_epoch": 1_790_000_000,
        ]
        for (name, value) in changes { root[name] = value }
        return Bytes(try JSONSerialization.data(withJSONObject: root))
    }

    private func judge(_ line: Bytes) throws -> (verdict: String, reason: String, name: String) {
        let answer = VerifyBatchLine.answer(line)
        #expect(!answer.contains(0x0A))
        let root = try JSONDocument(answer).root
        #expect(root["event_ids"]?.isArray == true && root["event_type"] != nil)
        return (root["verdict"]?.string ?? "", root["reason"]?.string ?? "", root["name"]?.string ?? "")
    }

    @Test(arguments: [
        "", " ", "garbage", "[]", "null", "{}", "\"x\"", "{\"name\":", "\u{0}", "{\"name\":\"a\u{0}b\"}", "\r",
        String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 10_000),
    ])
    func garbageIsRefused(_ line: String) throws { #expect(try judge(Bytes(line.utf8)).verdict == "reject") }

    @Test func whatIsNotUTF8IsRefused() throws { #expect(try judge([0xFF, 0xFE, 0x7B, 0x7D]).verdict == "reject") }

    @Test func membersOfOtherTypesAreRefused() throws {
        let changes: [(String, Any?)] = [
            ("provider", 5), ("provider", "nope"), ("provider", nil as Any?), ("secrets", nil as Any?), ("secrets", Self.secret),
            ("secrets", [1, NSNull()]), ("secrets", [String]()), ("headers", nil as Any?), ("headers", [String]()), ("headers", "x"),
            ("body_base64", nil as Any?), ("body_base64", "@@@"), ("body_base64", ""), ("body_base64", 7), ("now_epoch", nil as Any?),
            ("now_epoch", "1790000000"), ("now_epoch", 1e300), ("headers", ["X-Hub-Signature-256": [Self.signature, Self.signature]]),
            ("headers", ["X-Hub-Signature-256": ["a": 1]]), ("headers", ["X-Hub-Signature-256": NSNull()]),
        ]
        for (name, value) in changes {
            let answer = try judge(try Self.line([name: value]))
            #expect(answer.verdict == "reject" && !answer.reason.isEmpty && answer.name == "n", "\(name): \(value as Any)")
        }
    }

    @Test func whatDoesNotMatterDoesNotMatter() throws {
        #expect(try judge(try Self.line()).verdict == "accept")
        #expect(try judge(try Self.line() + Bytes("\r".utf8)).verdict == "accept")
        for (name, value) in [
            ("url", nil), ("method", nil), ("certificates", []), ("trust_anchors_pem", "x"), ("more", ["x": 1]), ("now_epoch", 1.5),
        ] as [(String, Any?)] {
            #expect(try judge(try Self.line([name: value])).verdict == "accept", "\(name)")
        }
        #expect(try judge(try Self.line(["name": "a\n\"\u{2028}"])).name == "a\n\"\u{2028}")
    }

    /// A rotation's other secret may be anything.
    @Test func aSecretOfAnotherFormKeepsNoneFromFitting() throws {
        let vectors = VerifyBatchTests.rotations
        #expect(vectors.count >= 4)
        for line in vectors {
            var root = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            root["secrets"] = ["…no such form…"] + (root["secrets"] as? [String] ?? [])
            #expect(try judge(Bytes(try JSONSerialization.data(withJSONObject: root))).verdict == "accept")
            root["secrets"] = ["…no such form…"]
            #expect(try judge(Bytes(try JSONSerialization.data(withJSONObject: root))).reason.hasPrefix("secret: "))
        }
    }

    /// Of those whose secret has a form.
    private static let rotations: [String] = ["adyen-platform", "airtable", "discord", "sendgrid", "standard-webhooks"].compactMap { name in
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors")
        let lines = (try? String(contentsOf: folder.appending(path: "\(name).jsonl"), encoding: .utf8))?.split(separator: "\n") ?? []
        return lines.first { $0.contains("\"name\":\"\(name)/valid\"") }.map(String.init)
    }

    @Test func aLineThatIsTooLongIsAnsweredToo() throws {
        #expect(String(decoding: VerifyBatchLine.answer(.tooLong), as: UTF8.self).contains(#""reason":"line_too_long""#))
    }
}
