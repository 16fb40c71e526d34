import ArgumentParser
import Common
import Foundation

struct NginxRenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Writes a location for every source: body cap, allowlist, tenant.",
        discussion: """
            One file a source in DIRECTORY/sources, which the site includes: include /etc/nginx/gatepost/sources/*.conf; Files of sources \
            that are gone from the settings go, too. A list in DIRECTORY/allow (see gatepost nginx allowlist) is included where the \
            settings have no `allow` of that source. Then: nginx -t && systemctl reload nginx
            """)

    @Option(help: ArgumentHelp("Write below this directory; without it, print.", valueName: "directory"))
    var to: String?

    @Option(help: "Only the sources of this tenant, and its name in each: for a site of one tenant.")
    var tenant: TenantName?

    func run() throws {
        let settings = try Settings.load()
        if let tenant, settings.tenants[tenant] == nil { throw Failure("no tenant \(tenant)", status: Failure.badUsage) }
        let folder = to ?? NginxFolderOptions.usual
        let locations = NginxLocation.all(settings, tenant: tenant) { source in
            let path = "\(folder)/allow/\(source).conf"
            return FileManager.default.fileExists(atPath: path) ? path : nil
        }
        // A secret that only the units are given (a credential) is not seen here, and without its file a source loses cap and allowlist.
        guard to == nil || !settings.sources.isEmpty else {
            throw Failure("no source has a secret that can be read here, so nothing was written or removed; gatepost check")
        }
        guard to != nil else { return Output.write(Array(locations.map(\.text).joined(separator: "\n").utf8)) }
        let (written, removed) = try Self.write(locations, to: "\(folder)/sources")
        Output.line("\(folder)/sources: \(written) written, \(removed) removed; now: nginx -t && systemctl reload nginx")
    }

    /// Each file at once or not at all; what we wrote earlier and nobody asks for now goes.
    static func write(_ locations: [NginxLocation], to folder: String) throws -> (written: Int, removed: Int) {
        for location in locations { try WholeFile.write(location.text, to: "\(folder)/\(location.source).conf") }
        let names = Set(locations.map { "\($0.source).conf" })
        var removed = 0
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.hasSuffix(".conf") && !names.contains(name) {
            let path = "\(folder)/\(name)"
            guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.hasPrefix(NginxLocation.mark) else { continue }
            guard unlink(path) == 0 else { throw Failure("cannot remove \(path): \(String(cString: strerror(errno)))") }
            removed += 1
        }
        return (locations.count, removed)
    }
}

/// A file that others read at any moment: the old one or the new one, never half.
enum WholeFile {
    static func write(_ text: String, to path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let partial = "\(path).partial-\(getpid())"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        } catch {
            throw Failure("cannot make \(folder): \(error.localizedDescription)")
        }
        let descriptor = open(partial, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw Failure("cannot write \(partial): \(String(cString: strerror(errno)))") }
        defer { unlink(partial) }
        fchmod(descriptor, 0o644)
        let bytes = Array(text.utf8)
        let isWritten = Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(partial, path) == 0 else { throw Failure("cannot write \(path): \(String(cString: strerror(errno)))") }
    }
}
