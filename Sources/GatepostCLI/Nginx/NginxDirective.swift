/// nginx's configuration as a tree: `name arguments;` or `name arguments { children }`.
struct NginxDirective: Equatable, Sendable {
    let name: String
    let arguments: [String]
    var children: [NginxDirective] = []

    /// The files of `nginx -T`, by path, as it prints them: `# configuration file PATH:` before each.
    static func files(in dump: String) -> [(path: String, text: String)] {
        var files: [(path: String, text: String)] = []
        for line in dump.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# configuration file "), line.hasSuffix(":") {
                files.append((String(line.dropFirst("# configuration file ".count).dropLast()), ""))
            } else if !files.isEmpty {
                files[files.count - 1].text += line + "\n"
            }
        }
        return files
    }

    /// The whole tree of a dump, every `include` replaced by what it includes. The first file is the main one.
    static func tree(of dump: String) -> [NginxDirective] {
        let files = files(in: dump)
        guard let main = files.first else { return [] }
        let folder = main.path.split(separator: "/").dropLast().map { "/\($0)" }.joined()
        return expand(parse(main.text), files, folder, depth: 0)
    }

    private static func expand(
        _ directives: [NginxDirective], _ files: [(path: String, text: String)], _ folder: String, depth: Int
    ) -> [NginxDirective] {
        directives.flatMap { directive -> [NginxDirective] in
            guard directive.name == "include", let pattern = directive.arguments.first, depth < 20 else {
                var whole = directive
                whole.children = expand(directive.children, files, folder, depth: depth)
                return [whole]
            }
            let path = pattern.hasPrefix("/") ? pattern : "\(folder)/\(pattern)"
            return files.filter { matches($0.path, path) }.flatMap { expand(parse($0.text), files, folder, depth: depth + 1) }
        }
    }

    /// `*` stands for any run of characters but the slash.
    static func matches(_ path: String, _ pattern: String) -> Bool {
        let (names, patterns) = (path.split(separator: "/"), pattern.split(separator: "/"))
        guard names.count == patterns.count else { return false }
        return zip(names, patterns).allSatisfy { name, pattern in
            let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
            guard parts.count > 1 else { return name == pattern }
            guard name.hasPrefix(parts[0]), name.count >= parts[0].count + parts[parts.count - 1].count else { return false }
            return name.hasSuffix(parts[parts.count - 1])
        }
    }

    static func parse(_ text: String) -> [NginxDirective] {
        var words = Words(text)
        return block(&words)
    }

    private static func block(_ words: inout Words) -> [NginxDirective] {
        var list: [NginxDirective] = []
        var current: [String] = []
        while let word = words.next() {
            switch word {
            case .end, .open:
                guard let name = current.first else { continue }
                let children = word == .open ? block(&words) : []
                list.append(NginxDirective(name: name, arguments: Array(current.dropFirst()), children: children))
                current = []
            case .close: return list
            case .text(let text): current.append(text)
            }
        }
        return list
    }

    /// Words, quoted or not, and the three marks between them; comments are left out.
    private struct Words {
        enum Word: Equatable { case text(String), end, open, close }

        private let characters: [Character]
        private var place = 0

        init(_ text: String) { characters = Array(text) }

        mutating func next() -> Word? {
            while place < characters.count {
                let character = characters[place]
                place += 1
                switch character {
                case ";": return .end
                case "{": return .open
                case "}": return .close
                case "#": while place < characters.count, !characters[place].isNewline { place += 1 }
                case "\"", "'": return .text(quoted(character))
                case _ where character.isWhitespace: continue
                default:
                    place -= 1
                    return .text(bare())
                }
            }
            return nil
        }

        private mutating func quoted(_ mark: Character) -> String {
            var text = ""
            while place < characters.count, characters[place] != mark {
                if characters[place] == "\\", place + 1 < characters.count { place += 1 }
                text.append(characters[place])
                place += 1
            }
            place += 1
            return text
        }

        private mutating func bare() -> String {
            var text = ""
            while place < characters.count, !characters[place].isWhitespace, !";{".contains(characters[place]) || text.last == "$" {
                text.append(characters[place])
                place += 1
            }
            return text
        }
    }
}
