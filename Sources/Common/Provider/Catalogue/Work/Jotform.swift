extension Provider {
    /// Told by others (zulip/zulip, `zerver/webhooks/jotform`): a form with the submission's id beside its answers, without a signature.
    static let jotform = Provider("jotform", "Jotform", .unsigned) {
        $0.contentTypes = ["multipart/form-data": .form, "application/x-www-form-urlencoded": .form]
        // An edited submission keeps its id.
        $0.eventID = [.firstOf(["$.submissionID", .digest]), .digest]
        $0.setup = """
            The form > Settings > Integrations > WebHooks. There is no secret: say in the settings which addresses may send \
            (sources.jotform.allow) and whose events they are (sources.jotform.tenants). The answers stand in the field rawRequest, as JSON \
            within a text.
            """
        $0.unsigned = """
            Everything: Jotform signs nothing, and whoever knows the URL can send submissions. Admit its addresses alone, and make the URL \
            hard to guess by a tenant's name.
            """
        $0.confidence = .secondary
        $0.references = ["github:zulip/zulip zerver/webhooks/jotform/view.py (third party)"]
        $0.mappings = [Mapping("*", to: .keep, subject: "submission", subjectID: ["$.submissionID"])]
    }
}
