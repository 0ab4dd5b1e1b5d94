using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>What is said of the routes of messages.</summary>
internal static class MessageOperations
{
    private const string Body = """{"eventType": "sale.completed", "eventId": "order-1017-paid", "payload": {"order": 1017, "total": 12.50}}""";
    private const string Iterator = "msg_032aNK3rR4BsWB8Xmb1E52";
    private const string EventMessage = """
        {
          "id": "msg_032aNK3rR4BsWB8Xmb1E52", "eventId": null, "eventType": "lead.captured", "channels": null,
          "payload": {"type": "lead.captured", "timestamp": "2026-03-01T12:02:00.000Z", "data": {"email": "ada@example.com"}},
          "timestamp": "2026-03-01T12:02:00.000000Z"
        }
        """;

    public static readonly IReadOnlyList<Operation> All =
    [
        Operation.Post("/app/{app}/msg", "message.create", "Publish a message")
            .Says("""
                Stores the message and delivers it to every endpoint that matches now. Answered after the commit: what is answered `202` is kept and will be tried.
                An `eventId` can be used once per application; with an `idempotency-key` a repeated call is answered as the first was.
                """)
            .ForOrganizations()
            .Asks(Parameters.Flag("with_content", true, "Whether the answer shows the payload; else it is an empty object."))
            .Takes<MessageIn>(Body)
            .Answers<MessageOut>(202, "Accepted.", Examples.Message)
            .Refuses(409, "conflict", "The `eventId` has been used.", "A message with this eventId already exists."),
        Operation.Get("/app/{app}/msg", "message.list", "List messages")
            .Says("The application's messages, the newest first.")
            .Asks(Parameters.Page())
            .Asks(Parameters.Channel(), Parameters.Tag())
            .Asks(Parameters.Window())
            .Asks(Parameters.Flag("with_content", true, "Whether payloads are shown; else they are empty objects."), Parameters.EventTypes())
            .Answers<ListResponse<MessageOut>>(200, "A page of messages.", Examples.Page(Examples.Message, Iterator)),
        Operation.Post("/app/{app}/event", "message.create-event", "Publish an event in the short form")
            .Says("An operation of this server. Receivers get `{\"type\", \"timestamp\", \"data\"}`, in that order, with the data byte for byte as it stands in the body. Otherwise as `message.create`.")
            .ForOrganizations().Ours()
            .Takes<EventIn>("""{"type": "lead.captured", "data": {"email": "ada@example.com"}}""")
            .Answers<MessageOut>(202, "Accepted.", EventMessage)
            .Refuses(409, "conflict", "The `id` has been used.", "A message with this eventId already exists."),
        Operation.Post("/app/{app}/msg/batch", "message.create-batch", "Publish many messages")
            .Says("An operation of this server. Publishes up to 1,000 messages, together up to 4 MiB, in the order of the call and in one commit; other calls never come between. Each is accepted or refused by itself; a batch that breaks a rule of the input is refused whole. Scheduled messages cannot be part of it.")
            .ForOrganizations().Ours()
            .Takes<MessageBatchIn>("""{"messages": [""" + Body + "]}")
            .Answers<MessageBatchOut>(202, "What became of each, in the order of the call.", """{"data": [{"status": 202, "message": """ + Examples.Message
                + """}, {"status": 409, "error": {"code": "conflict", "detail": "A message with this eventId already exists."}}]}"""),
        Operation.Post("/app/{app}/msg/precheck/active", "message.precheck", "Ask whether a message would be received")
            .Says("Whether any endpoint would receive a message of this event type and these channels. Nothing is published.")
            .ForOrganizations()
            .Takes<MessagePrecheckIn>("""{"eventType": "lead.captured"}""")
            .Answers<MessagePrecheckOut>(200, "Whether there is one.", """{"active": true}"""),
        Operation.Get("/app/{app}/msg/{message}", "message.get", "Get a message")
            .Says("One message.")
            .Asks(Parameters.Flag("with_content", true, "Whether the payload is shown; else it is an empty object."))
            .Answers<MessageOut>(200, "The message.", Examples.Message),
        Operation.Delete("/app/{app}/msg/{message}/content", "message.expunge-content", "Delete a message's payload")
            .Says("Deletes the payload; the message itself stays. What has not been delivered by then never is.")
            .ForOrganizations()
            .AnswersNothing(204, "Deleted."),
    ];
}
