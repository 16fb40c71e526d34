extension Provider {
    /// github.com/dropbox/mdwebhook, `app.py`. A post only says whose files changed; what changed has to be asked for.
    static let dropbox = Provider("dropbox", "Dropbox", Scheme(in: .header(["x-dropbox-signature"]))) {
        // One account's posts are the same to the byte, each an event: only when it came tells them apart.
        $0.eventID = [.digest, .arrival]
        $0.handshakes = [.echoQuery("challenge")]
        $0.setup = "App Console > the app > Webhooks > Webhook URI; the secret is the app secret."
        $0.references = ["https://www.dropbox.com/developers/reference/webhooks", "github.com/dropbox/mdwebhook app.py"]
        $0.mappings = [Mapping("*", to: .keep, actorID: ["$.list_folder.accounts[0]"])]  // unverified
    }
}
