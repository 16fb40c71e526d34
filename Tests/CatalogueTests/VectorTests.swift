import Common
import Foundation
import Testing

@testable import GatepostCLI

/// One file of Tests/Vectors: requests made by a provider's documented rule, most judged by its own SDK. See the README there.
struct VectorFile: Sendable, CustomTestStringConvertible {
    let provider: String
    let vectors: [Vector]

    var testDescription: String { provider }

    static let all: [VectorFile] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "jsonl" }.sorted { $0.path < $1.path }.map { file in
            let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
            return VectorFile(provider: file.deletingPathExtension().lastPathComponent, vectors: lines.map { Vector(String($0)) })
        }
    }()

    func vector(_ kind: String) -> Vector? { vectors.first { $0.name == "\(provider)/\(kind)" } }

    /// Where a byte more is refused, every bit of the body counts.
    var signsBody: Bool { vector("body-longer")?.expected == "reject" }

    var entry: Provider? { Catalogue.provider(named: provider) }
}

struct Vector: Sendable {
    let line: String
    let name: String
    let expected: String
    let why: String

    init(_ line: String) {
        let root = try? JSONDocument(Bytes(line.utf8), maxDepth: 16).root
        self.line = line
        name = root?["name"]?.string ?? ""
        expected = root?["expect"]?.string ?? ""
        why = root?["why"]?.string ?? ""
    }

    private var encodedBody: String { (try? JSONDocument(Bytes(line.utf8), maxDepth: 16).root["body_base64"]?.string) ?? "" }

    var body: Bytes { Base64.decode(Bytes(encodedBody.utf8)) ?? [] }

    func with(body: Bytes) -> String {
        line.replacing(
            "\"body_base64\":\"\(encodedBody)\"", with: "\"body_base64\":\"\(String(decoding: Base64.encode(body), as: UTF8.self))\"")
    }

    func without(_ isDropped: (String) -> Bool) throws -> String {
        var root = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let headers = try #require(root["headers"] as? [String: Any])
        root["headers"] = headers.filter { !isDropped($0.key.lowercased()) }
        return String(decoding: try JSONSerialization.data(withJSONObject: root), as: UTF8.self)
    }
}

/// `accept` or `reject`, and the reason.
private func verdict(_ line: String) -> (verdict: String, reason: String) {
    let answer = try? JSONDocument(VerifyBatchLine.answer(Bytes(line.utf8))).root
    return (answer?["verdict"]?.string ?? "none", answer?["reason"]?.string ?? "none")
}

@Suite struct VectorTests {
    @Test func folderIsThere() {
        #expect(VectorFile.all.count > 80)
        #expect(VectorFile.all.allSatisfy { $0.vectors.allSatisfy { !$0.name.isEmpty && ["accept", "reject"].contains($0.expected) } })
    }

    @Test(arguments: VectorFile.all)
    func judgesAsExpected(_ file: VectorFile) {
        for vector in file.vectors {
            let got = verdict(vector.line)
            #expect(got.verdict == vector.expected, "\(vector.name): \(got.reason). \(vector.why)")
        }
    }

    @Test func everyEntryHasVectors() {
        let files = Set(VectorFile.all.compactMap { $0.entry?.source })
        for provider in Catalogue.providers where !files.contains(provider.source) {
            #expect(provider.confidence == .secondary, "\(provider.source) has no vectors")
            print("no vectors: \(provider.source), known from others only")
        }
        for file in VectorFile.all { #expect(file.entry != nil, "\(file.provider) is not in the catalogue") }
    }

    /// 64 bits of each body, spread by a fixed stride that is prime to most lengths.
    @Test(arguments: VectorFile.all.filter(\.signsBody))
    func refusesAnyBitChanged(_ file: VectorFile) throws {
        let vector = try #require(file.vector("valid"))
        let body = vector.body
        for step in 0..<64 {
            let bit = step * 7919 % (body.count * 8)
            var changed = body
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(verdict(vector.with(body: changed)).verdict == "reject", "\(file.provider): bit \(bit)")
        }
    }

    @Test(arguments: VectorFile.all)
    func refusesWithoutSignature(_ file: VectorFile) throws {
        let vector = try #require(file.vector("valid"))
        let schemes = try #require(file.entry).schemes
        guard !schemes.contains(where: { $0.algorithm == .none }) else { return }
        let dropped = try vector.without { name in schemes.contains { stands($0.place, in: name) } }
        if schemes.contains(where: { isHeader($0.place) }) { #expect(verdict(dropped).verdict == "reject") }
        #expect(verdict(try vector.without { _ in false }).verdict == "accept", "written anew it is the same request")
    }

    private func isHeader(_ place: Scheme.Place) -> Bool {
        switch place {
        case .header, .numberedHeader, .repeatedHeader: true
        default: false
        }
    }

    private func stands(_ place: Scheme.Place, in header: String) -> Bool {
        switch place {
        case .header(let names): names.contains(header)
        case .repeatedHeader(let name): name == header
        case .numberedHeader(let prefix): header.hasPrefix(prefix)
        default: false
        }
    }
}
