import Common
import Foundation
import Transport

extension FrontCheckup {
    static func gather(_ settings: Settings, socket path: String, now: Timestamp) -> FrontCheckup {
        var checkup = FrontCheckup(socketPath: path, socket: connect(path), nginxRuns: nginxRuns(), now: now)
        guard let url = settings.publicURL else { return checkup }
        checkup.publicURL = url
        checkup.health = Exchange.run(HTTPRequest(method: "GET", url: "\(url)/healthz"))
        if url.hasPrefix("https://"), let end = try? CertificateProbe.expiry(of: "\(url)/healthz", Exchange.options) {
            checkup.certificateEnds = Timestamp(certificateTime: end)
        }
        return checkup
    }

    private static func nginxRuns() -> Bool {
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.filter { $0.allSatisfy(\.isNumber) } ?? []
        return pids.contains { FileManager.default.contents(atPath: "/proc/\($0)/comm") == Data("nginx\n".utf8) }
    }

    static func connect(_ path: String) -> Socket {
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return .missing }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return .closedToUs }
        defer { close(descriptor) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return .accepts }
        return switch errno {
        case ENOENT, ENOTDIR: .missing
        case EACCES, EPERM: .closedToUs
        default: .refuses
        }
    }
}

/// One request and its answer.
enum Exchange {
    static let options = TransferOptions(connectTimeout: .seconds(5), timeout: .seconds(20), userAgent: "Gatepost/\(Gatepost.version)")

    static func run(_ request: HTTPRequest, options: TransferOptions = options) -> Result<HTTPResponse, TransportError> {
        do throws(TransportError) {
            let transfers = try Transfers<Void>(options: options, mostPerHost: 1)
            try transfers.start(request, tag: ())
            while true {
                if let (_, result) = transfers.wait(milliseconds: 500).first { return result }
            }
        } catch {
            return .failure(error)
        }
    }
}
