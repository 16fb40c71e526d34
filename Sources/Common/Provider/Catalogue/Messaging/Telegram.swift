extension Provider {
    /// tdlib/telegram-bot-api, `WebhookActor.cpp`, and aiogram 3.31.0.
    ///
    /// Telegram runs a `method` in the body of our 200 as a call of the bot's: the answer is empty.
    static let telegram = Provider(
        "telegram", "Telegram Bot API", Scheme(.token, in: .header(["x-telegram-bot-api-secret-token"]), over: [])
    ) {
        $0.eventID = ["$.update_id"]
        $0.eventType = [.nameBeside("update_id")]
        $0.occurredAt = .seconds(["$.message.date", "$.edited_message.edit_date", "$.channel_post.date", "$.chat_member.date"])
        $0.answer = Acknowledgement(status: 200)
        $0.retries = "Until the update expires, at most a minute or two apart."
        $0.setup = "setWebhook with url and secret_token (1 to 256 of A–Z, a–z, 0–9, _ and -); the secret is that token."
        $0.unsigned = "Everything: the token is sent along, nothing is signed. Admit Telegram's addresses alone in nginx as well."
        $0.references = [
            "https://core.telegram.org/bots/api#setwebhook",
            "github.com/tdlib/telegram-bot-api WebhookActor.cpp",
            "aiogram 3.31.0",
        ]
        $0.mappings = [
            telegramUpdate("message", at: "$.message"), telegramUpdate("callback_query", at: "$.callback_query"),
            telegramUpdate("chat_member", at: "$.chat_member"), telegramUpdate("my_chat_member", at: "$.my_chat_member"),
        ]
    }
}

private func telegramUpdate(_ type: EventPattern, at place: String) -> Mapping {
    Mapping(
        type, to: .keep, subject: "chat", subjectID: [JSONPath(stringLiteral: place + ".chat.id")],
        actorID: [JSONPath(stringLiteral: place + ".from.id")], actorName: [JSONPath(stringLiteral: place + ".from.username")])
}
