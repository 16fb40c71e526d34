import Common

/// The addresses that a provider says it sends from, and whether to believe the answer.
struct PublishedRanges {
    /// Where a provider publishes them, and where in the answer they stand.
    struct Place: Equatable {
        let source: SourceName
        let url: String
        let list: List

        init(_ source: String, _ url: String, _ list: List) {
            self.source = SourceName(source)!
            self.url = url
            self.list = list
        }
    }

    /// A list of texts; or of objects, of which those count that have a word in each of two lists of their own.
    struct List: Equatable {
        /// Names down to it.
        let path: [String]
        var product: String?

        init(_ path: String..., product: String? = nil) {
            self.path = path
            self.product = product
        }

        /// The entries that count; nil where one is not as it should be.
        func texts(_ root: JSONValue) -> [String]? {
            guard let list = path.reduce(Optional(root), { $0?[$1] }), list.isArray else { return nil }
            guard let product else { return list.elements.map { $0.string ?? "" } }
            return list.elements.filter { Self.has(product, in: $0["product"]) && Self.has("egress", in: $0["direction"]) }
                .map { $0["cidr"]?.string ?? "" }
        }

        private static func has(_ word: String, in list: JSONValue?) -> Bool { list?.elements.contains { $0.string == word } ?? false }
    }

    static let places = [
        Place("stripe", "https://stripe.com/files/ips/ips_webhooks.json", List("WEBHOOKS")),
        Place("github", "https://api.github.com/meta", List("hooks")),
        Place("paddle", "https://api.paddle.com/ips", List("data", "ipv4_cidrs")),
        Place("bitbucket", "https://ip-ranges.atlassian.com/", List("items", product: "bitbucket")),
        Place("jira", "https://ip-ranges.atlassian.com/", List("items", product: "jira")),
    ]

    /// Whose lists are known, for a sentence.
    static let names = places.map(\.source.description).joined(separator: ", ")

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
    init(status: Int, body: Bytes, list: List, old: Int, force: Bool) throws(Doubt) {
        guard status == 200 else { throw .status(status) }
        let root: JSONValue
        do { root = try JSONDocument(body).root } catch { throw .notJSON }
        guard let texts = list.texts(root) else { throw .noList(list.path.joined(separator: ".")) }
        guard !texts.isEmpty else { throw .empty }
        guard texts.count <= Self.most else { throw .tooMany(texts.count) }
        var ranges: [AddressRange] = []
        for text in texts { ranges.append(try Self.range(text)) }
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
