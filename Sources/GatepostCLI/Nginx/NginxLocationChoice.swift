import Foundation

extension NginxDirective {
    /// The location that nginx takes for a path: the exact one; else the first regular expression that matches, unless the longest prefix
    /// says `^~`; else that prefix. Locations within locations are not looked into.
    static func location(for path: String, among directives: [NginxDirective]) -> NginxDirective? {
        let locations = directives.filter { $0.name == "location" }.map { (directive: $0, choice: $0.locationChoice) }
        if let exact = locations.first(where: { $0.choice.mark == "=" && $0.choice.pattern == path }) { return exact.directive }
        let prefixes = locations.filter { ["", "^~"].contains($0.choice.mark) && path.hasPrefix($0.choice.pattern) }
        let longest = prefixes.max { $0.choice.pattern.count < $1.choice.pattern.count }
        if longest?.choice.mark == "^~" { return longest?.directive }
        let expression = locations.first { $0.choice.mark.hasPrefix("~") && matches(path, $0.choice) }
        return (expression ?? longest)?.directive
    }

    /// `~ ^/api`, also without the blank.
    private var locationChoice: (mark: String, pattern: String) {
        guard arguments.count < 2 else { return (arguments[0], arguments[1]) }
        let text = arguments.first ?? ""
        let mark = ["=", "^~", "~*", "~"].first { text.hasPrefix($0) } ?? ""
        return (mark, String(text.dropFirst(mark.count)))
    }

    /// nginx's are PCRE's; what a site has of them reads the same here. One that does not read matches nothing.
    private static func matches(_ path: String, _ choice: (mark: String, pattern: String)) -> Bool {
        let options: NSRegularExpression.Options = choice.mark == "~*" ? [.caseInsensitive] : []
        guard let expression = try? NSRegularExpression(pattern: choice.pattern, options: options) else { return false }
        return expression.firstMatch(in: path, range: NSRange(path.startIndex..., in: path)) != nil
    }
}
