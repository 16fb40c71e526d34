extension Provider {
    /// github.com/gitlabhq/gitlabhq, `app/services/web_hook_service.rb`: the token is sent along as it is.
    static let gitlab = Provider("gitlab", "GitLab (secret token)", Scheme(.token, in: .header(["x-gitlab-token"]), over: [])) {
        gitlabEvents(&$0)
        // Unverified: the first is the same when a post is sent again, the others are each request's own.
        $0.eventID = [.firstOf(["idempotency-key", "x-gitlab-event-uuid", "x-gitlab-webhook-uuid", .digest])]
        $0.patience = .seconds(10)
        $0.retries = "A webhook that fails again and again is switched off (unverified)."
        $0.setup = """
            Settings > Webhooks > Add; the secret is the secret token. Where GitLab offers a signing token, prefer source gitlab-signed.
            """
        $0.unsigned = "Everything: the token is sent along, nothing is signed. Admit your GitLab's addresses alone in nginx as well."
        $0.references = [
            "https://docs.gitlab.com/user/project/integrations/webhooks/",
            "github.com/gitlabhq/gitlabhq app/services/web_hook_service.rb",
        ]
    }

    /// https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944: Standard Webhooks, behind a feature flag at first. The old token may
    /// come as well.
    static let gitlabSigned = Provider("gitlab-signed", "GitLab (signing token)", .standardWebhooks()) {
        gitlabEvents(&$0)
        $0.eventID = ["webhook-id"]
        $0.confidence = .docs
        $0.setup = "Settings > Webhooks > Add; the secret is the signing token, whsec_…."
        $0.references = [
            "https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944", "https://gitlab.com/gitlab-org/gitlab/-/merge_requests/231325",
        ]
    }
}

private func gitlabEvents(_ provider: inout Provider) {
    provider.eventType = [.firstOf(["$.object_kind", "$.event_name", "x-gitlab-event"]), "$.object_attributes.action"]
    // Unverified, as is where the person stands: of a push beside it, elsewhere in an object. System hooks tell of users.
    provider.occurredAt = .utc(["$.object_attributes.updated_at", "$.updated_at"])
    provider.mappings = [
        gitlabUser("user_create", to: .userSync, action: "created"), gitlabUser("user_destroy", to: .userSync, action: "deleted"),
        gitlabUser("*", to: .keep),
    ]
}

private func gitlabUser(_ pattern: EventPattern, to route: Route, action: String? = nil) -> Mapping {
    Mapping(
        pattern, to: route, subject: "user", subjectID: ["$.object_attributes.id", "$.user_id"], actorID: ["$.user.id", "$.user_id"],
        actorEmail: ["$.user.email", "$.user_email", "$.email"], actorName: ["$.user.name", "$.user_name", "$.name"],
        action: action)
}
