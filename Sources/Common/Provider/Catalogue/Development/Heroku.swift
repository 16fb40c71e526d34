extension Provider {
    /// Heroku Dev Center, app webhooks, and github.com/heroku/cli, `commands/webhooks/add.ts`.
    static let heroku = Provider("heroku", "Heroku", Scheme(in: .header(["heroku-webhook-hmac-sha256"]), .base64)) {
        $0.eventID = ["$.id"]
        $0.eventType = ["$.resource", "$.action"]
        $0.occurredAt = .rfc3339(["$.created_at"])
        $0.confidence = .docs
        $0.retries = "Level sync: until it is answered 2xx. Level notify: not at all."
        $0.setup = """
            heroku webhooks:add -a APP -l sync -u URL -i EVENTS -s SECRET; level sync sends again until it is answered 2xx, notify never \
            does.
            """
        $0.references = ["https://devcenter.heroku.com/articles/app-webhooks", "github.com/heroku/cli src/commands/webhooks/add.ts"]
        $0.mappings = [
            Mapping(
                "*", to: .keep, subjectID: ["$.data.id"], actorID: ["$.actor.id"], actorEmail: ["$.actor.email"],
                data: .object(at: "$.data"))
        ]
    }
}
