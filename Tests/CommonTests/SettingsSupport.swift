import Testing

@testable import Common

/// Settings from an environment; `/etc/gatepost` is not looked at.
func settings(_ environment: [String: String], in scratch: Scratch, yaml: String? = nil) throws -> Settings {
    var process = environment
    process["GATEPOST_CONFIG"] = try scratch.write(yaml ?? "", to: "gatepost.yaml")
    if process["GATEPOST_SECRETS"] == nil { process["GATEPOST_SECRETS"] = try scratch.write("", to: "empty.env") }
    return try Settings.load(process: process)
}

/// What is wrong, with the scratch directory's path cut off.
func problems(_ environment: [String: String] = [:], yaml: String? = nil, files: [String: String] = [:]) throws -> [String] {
    let scratch = try Scratch()
    for (name, content) in files { try scratch.write(content, to: name) }
    let environment = environment.mapValues { $0.replacing("@", with: scratch.path) }
    do {
        _ = try settings(environment, in: scratch, yaml: yaml)
        return []
    } catch let error as SettingsError {
        #expect(error.description == error.problems.map(\.description).joined(separator: "\n"))
        return error.problems.map { $0.description.replacing(scratch.path + "/", with: "") }
    }
}

extension Settings {
    /// `tenant=secret,secret` of a source, in order.
    func listed(_ source: SourceName) -> [String] {
        (sources[source]?.secrets ?? []).map { tenant, secrets in "\(tenant)=" + secrets.map(\.secret.exposed).joined(separator: "|") }
    }
}
