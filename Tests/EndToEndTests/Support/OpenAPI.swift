import Foundation
import Testing
import Transport
import Yams

/// `docs/openapi.yaml`, held against what the service really answers.
struct OpenAPI: Sendable {
    static let shared = OpenAPI()

    private let text: String

    private init() {
        text = (try? String(contentsOf: Programs.tree.appending(path: "docs/openapi.yaml"), encoding: .utf8)) ?? ""
    }

    /// The answer's status, media type, required members and documented headers stand in the document.
    func expectDocumented(_ path: String, _ method: String, _ answer: HTTPResponse) throws {
        let root = try #require(try Yams.compose(yaml: text), "docs/openapi.yaml cannot be read")
        let operation = try #require(member(method, of: member(path, of: root["paths"])), "\(method) \(path) is not documented")
        let response = try #require(
            resolve(member(String(answer.status), of: operation["responses"]), in: root),
            "\(path) answers \(answer.status), which is not documented")
        for (name, header) in response["headers"]?.mapping ?? [:] where resolve(header, in: root)?["required"]?.bool == true {
            let name = try #require(name.string)
            #expect(answer.header(name.lowercased()) != nil, "\(answer.status) lacks the documented header \(name)")
        }
        let type = answer.header("content-type") ?? ""
        let schema = try #require(
            resolve(member(type, of: response["content"])?["schema"], in: root), "\(answer.status) with \(type) is not documented")
        let alternatives = schema["oneOf"]?.array().compactMap { resolve($0, in: root) } ?? [schema]
        let fits = alternatives.contains { alternative in
            (alternative["required"]?.array(of: String.self) ?? []).allSatisfy { answer[$0] != nil || answer.text.contains("\"\($0)\":") }
        }
        #expect(fits, "\(answer.status): \(answer.text) lacks a documented member")
    }

    /// By the name's text: a quoted `'200'` is another YAML node than a plain one.
    private func member(_ name: String, of node: Node?) -> Node? { node?.mapping?.first { $0.key.string == name }?.value }

    private func resolve(_ node: Node?, in root: Node) -> Node? {
        guard let reference = node?["$ref"]?.string else { return node }
        return reference.dropFirst(2).split(separator: "/").reduce(root as Node?) { $0?[String($1)] }
    }
}
