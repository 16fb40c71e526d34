import Common

/// What a backfill was asked for beside the time, as it is kept for `--resume`.
struct BackfillOptions: Equatable {
    var types: [EventPattern] = []
    var undelivered = false
    var redeliver = false

    init(types: [EventPattern], undelivered: Bool, redeliver: Bool) {
        (self.types, self.undelivered, self.redeliver) = (types, undelivered, redeliver)
    }

    init(json: String) {
        let root = (try? JSONDocument(Bytes(json.utf8)))?.root
        types = (root?["types"]?.elements ?? []).compactMap { $0.string.map { EventPattern($0) } }
        undelivered = root?["undelivered"]?.scalarText == "true"
        redeliver = root?["redeliver"]?.scalarText == "true"
    }

    var json: String {
        let tree: JSONTree = [
            "types": .array(types.map { .string($0.description) }), "undelivered": .bool(undelivered), "redeliver": .bool(redeliver),
        ]
        return tree.line
    }
}
