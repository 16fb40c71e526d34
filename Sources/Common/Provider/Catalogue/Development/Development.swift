extension Catalogue {
    /// Code, builds and incidents.
    static let development: [Provider] = [
        .github, .gitlab, .gitlabSigned, .bitbucket, .jira, .linear, .sentry, .pagerduty, .vercel, .netlify, .heroku, .circleci,
    ]
}
