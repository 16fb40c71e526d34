import Common

/// The addresses that a provider says it sends from, and whether to believe the answer.
struct PublishedRanges {
    /// Where a provider publishes them, and the member of the answer that holds them.
    struct Place: Equatable {
        let source: SourceName
        let url: String
        let member: String
    }

    static let places = [
        Place(source: SourceName("stripe")!, url: "https://stripe.com/files/ips/ips_webhooks.json", member: "WEBHOOKS"),
        Place(source: SourceName("github")!, url: "https://api.github.com/meta", member: "hooks"),
    ]

    enum Doubt: Error, Equatable, CustomStringConvertible {
        case status(Int)
        case notJSON
        case noList(String)
        case empty
        case tooMany(Int)
        case notAnAddress(String)
        /// So wide that it allows half the world.
        case tooWide(String)
        case shrunk(from: Int, to: Int)

        var description: String {
            switch self {
            case .status(let status): "the answer is \(status)"
            case .notJSON: "the answer is no JSON"
            case .noList(let member): "the answer has no list \(member)"
            case .empty: "the list is empty"
            case .tooMany(let count): "the list has \(count) entries, more than \(PublishedRanges.most)"
            case .notAnAddress(let text): "\(String(text.prefix(60)).printable) is no address and no block of them"
            case .tooWide(let text): "\(text) is too wide to be a provider's"
            case .shrunk(let old, let new): "the list has shrunk from \(old) to \(new) entries; --force takes it"
            }
        }
    }

    static let most = 1000
    /// The widest block that is believed: IPv4 /8, IPv6 /16.
    private static let widest = (short: 8, long: 16)

    let ranges: [AddressRange]

    /// - Parameter old: how many there were before; 0: none.
    init(status: Int, body: Bytes, member: String, old: Int, force: Bool) throws(Doubt) {
        guard status == 200 else { throw .status(status) }
        let root: JSONValue
        do { root = try JSONDocument(body).root } catch { throw .notJSON }
        guard let list = root[member], list.isArray else { throw .noList(member) }
        let elements = list.elements
        guard !elements.isEmpty else { throw .empty }
        guard elements.count <= Self.most else { throw .tooMany(elements.count) }
        var ranges: [AddressRange] = []
        for element in elements { ranges.append(try Self.range(element.string ?? "")) }
        guard force || ranges.count * 2 > old else { throw .shrunk(from: old, to: ranges.count) }
        self.ranges = ranges
    }

    private static func range(_ text: String) throws(Doubt) -> AddressRange {
        guard let range = AddressRange(text) else { throw .notAnAddress(text) }
        let parts = text.split(separator: "/")
        let least = text.contains(":") ? widest.long : widest.short
        guard parts.count == 1 || (Int(parts[1]) ?? 0) >= least else { throw .tooWide(text) }
        return range
    }

    func file(from url: String) -> String {
        (["# Written by gatepost nginx allowlist update, from \(url)."] + ranges.map { "allow \($0);" }).joined(separator: "\n") + "\n"
    }

    /// How many addresses a written file has.
    static func count(in file: String) -> Int { file.split(separator: "\n").count { $0.hasPrefix("allow ") } }
}
