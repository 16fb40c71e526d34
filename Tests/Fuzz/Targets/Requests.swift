import Foundation

@testable import Common

/// Requests for the targets that verify: keys that no input can know, and requests that providers' own libraries accept.
enum Requests {
    static let now = Timestamp(milliseconds: 1_790_000_000_000)

    /// A right request of Tests/Vectors.
    struct Honest: Sendable {
        let provider: Provider
        let verifier: Verifier
        let request: SignedRequest
        let certificates: CertificateStore
        let now: Timestamp
    }

    /// One of each file, by name.
    static let honest: [Honest] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "jsonl" }.sorted { $0.path < $1.path }.compactMap { file in
            let lines = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
            let name = Bytes("\"name\":\"\(file.deletingPathExtension().lastPathComponent)/valid\"".utf8)
            // Before it is parsed: a debug build takes its time over the lines that are not asked for.
            let line = lines.first { Bytes($0.utf8.prefix(200)).firstRange(of: name) != nil }
            return line.flatMap { try? JSONDocument(Bytes($0.utf8), maxDepth: 16).root }.flatMap(read)
        }
    }()

    private static func read(_ root: JSONValue) -> Honest? {
        guard let provider = root["provider"]?.string.flatMap(Catalogue.provider(named:)), let tenant = TenantName("acme"),
            let body = root["body_base64"]?.string.flatMap({ Base64.decode(Bytes($0.utf8)) }),
            let now = root["now_epoch"]?.double.flatMap(Timestamp.init(fractionalSeconds:)),
            let verifier = try? Verifier(
                provider, secrets: [(tenant, root["secrets"]?.elements.compactMap { $0.string.map { ProviderSecret(Secret($0)) } } ?? [])])
        else { return nil }
        var headers = HeaderFields()
        root["headers"]?.forEachMember { name, value in
            for text in value.isArray ? value.elements : [value] {
                headers.append(name: (name.string ?? "").utf8, value: Bytes((text.string ?? "").utf8))
            }
        }
        var byURL: [String: String] = [:]
        root["certificates"]?.forEachMember { byURL[$0.string ?? ""] = $1.string ?? "" }
        let request = SignedRequest(method: root["method"]?.string ?? "POST", url: root["url"]?.string ?? "", headers: headers, body: body)
        let anchors = root["trust_anchors_pem"]?.elements.compactMap(\.string) ?? []
        return Honest(
            provider: provider, verifier: verifier, request: request,
            certificates: CertificateStore(byURL: byURL, anchors: anchors), now: now)
    }

    /// A secret of the form that the scheme wants, which stands in no input.
    static func secret(for scheme: Scheme) -> Bytes {
        let code = Crypto.sha256("what no input says".utf8)
        switch scheme.secretForm {
        case .hex: return Hex.encode(code)
        case .base64: return Base64.encode(code)
        case .standardWebhooks, .standardWebhooksOrText, .textAndStandardWebhooks: return Bytes("whsec_".utf8) + Base64.encode(code)
        case .text, .htmlDecoded, .sha1, .textOrVerifyToken: break
        }
        switch scheme.algorithm {
        case .ed25519: return Hex.encode(code)
        case .ecdsaP256: return Bytes(aPublicKey.utf8)
        default: return Hex.encode(code)
        }
    }

    /// On P-256; its private key was thrown away.
    private static let aPublicKey =
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE082KMr2Ka6vLccxpSWaKjJp/jURX1oSYuHNGuqGnrA1gbqszBZA5Oqam2/ZpVf+M8GVusM/ZHmtGBL0N4LJ2UQ=="
}
