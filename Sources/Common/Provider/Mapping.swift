/// What an event type means for WordPress. Paths start at the event itself (of an array: the element). A class: each event refers to one,
/// and it is too much to copy.
public final class Mapping: Sendable {
    public let pattern: EventPattern
    public let route: Route
    public let subjectType: String?
    public let subjectID: [JSONPath]
    public let actorID: [JSONPath]
    public let actorEmail: [JSONPath]
    public let actorName: [JSONPath]
    public let reason: [JSONPath]
    public let data: Data
    /// WordPress's word for what happened, where the type's last word is not it: `created`, `deleted`.
    public let action: String?
    /// An actor's id that stands for nobody in particular: WooCommerce's guests are customer 0.
    public let nobody: String?

    public enum Data: Sendable {
        case whole
        case object(at: JSONPath)
        /// One changed property, as `{name: value}`, so that several of one person fold together.
        case property(name: JSONPath, value: JSONPath)
    }

    public init(
        _ pattern: EventPattern, to route: Route, subject subjectType: String? = nil, subjectID: [JSONPath] = [],
        actorID: [JSONPath] = [], actorEmail: [JSONPath] = [], actorName: [JSONPath] = [], reason: [JSONPath] = [],
        data: Data = .whole, action: String? = nil, nobody: String? = nil
    ) {
        self.pattern = pattern
        self.route = route
        self.subjectType = subjectType
        self.subjectID = subjectID
        self.actorID = actorID
        self.actorEmail = actorEmail
        self.actorName = actorName
        self.reason = reason
        self.data = data
        self.action = action
        self.nobody = nobody
    }
}

extension Mapping {
    /// For types that no mapping names, and sources without any: the places where most providers have them. Kept, unless the operator's
    /// own routes say more.
    public static let generic = Mapping(
        "*", to: .keep, subjectID: ["$.data.object.id", "$.data.id", "$.object.id", "$.resource.id", "$.payload.id"],
        actorID: ["$.user.id", "$.user_id", "$.customer.id", "$.customer_id", "$.member.id"]
            + within("user.id", "user_id", "customer.id", "customer_id"),
        actorEmail: ["$.email", "$.user.email", "$.customer.email", "$.member.email"] + within("email", "user.email", "customer.email"),
        actorName: ["$.user.name", "$.customer.name", "$.member.name"] + within("user.name", "customer.name"),
        reason: ["$.reason"] + within("reason"))

    /// What an envelope holds.
    private static func within(_ names: String...) -> [JSONPath] {
        ["data", "data.object", "object", "payload"].flatMap { place in names.map { JSONPath(stringLiteral: "$.\(place).\($0)") } }
    }
}
