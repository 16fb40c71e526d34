extension Provider {
    /// https://developer.atlassian.com/cloud/jira/platform/webhooks: webhooks that an administrator made, with a secret. What an OAuth app
    /// registers carries a web token instead, and is refused. Sent again, a post keeps its identifier.
    static let jira = Provider("jira", "Jira Cloud", Scheme(in: .header(["x-hub-signature"]), as: .whole(prefix: "sha256="))) {
        $0.eventID = ["x-atlassian-webhook-identifier"]
        $0.eventType = ["$.webhookEvent"]
        $0.occurredAt = .milliseconds(["$.timestamp"])  // unverified
        $0.confidence = .secondary
        $0.retries = "Up to 5 times, 5 to 15 minutes apart, after 408, 409, 425, 429 and 5xx."
        $0.setup = "Settings > System > WebHooks > Create; the secret as you type it there."
        $0.references = ["https://developer.atlassian.com/cloud/jira/platform/webhooks"]
        $0.mappings = [
            jiraUser("user_created", to: .userSync, action: "created"), jiraUser("user_updated", to: .userSync, action: "updated"),
            jiraUser("user_deleted", to: .userSync, action: "deleted"), jiraUser("*", to: .keep),
        ]
    }
}

/// Where the person stands is unverified.
private func jiraUser(_ pattern: EventPattern, to route: Route, action: String? = nil) -> Mapping {
    Mapping(
        pattern, to: route, subject: route == .userSync ? "user" : "issue", subjectID: ["$.issue.id", "$.user.accountId"],
        actorID: ["$.user.accountId"],
        actorEmail: ["$.user.emailAddress"], actorName: ["$.user.displayName"], reason: ["$.issue_event_type_name"],
        action: action)
}
