using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>What is said of the routes of attempts.</summary>
internal static class AttemptOperations
{
    private const string Iterator = "atmpt_032aNK3sPcMxdD5Uk3tZbM";
    private const string AttemptStatus = "Only attempts that ended so: 0 with success, 2 in failure; 1 and 3 match none.";
    private const string WithResponse = "Whether the receivers' answers are shown; else each is `{}`.";

    public static readonly IReadOnlyList<Operation> All =
    [
        Operation.Get("/app/{app}/attempt/endpoint/{endpoint}", "message-attempt.list-by-endpoint", "List an endpoint's attempts")
            .Says("Attempts of all messages at one endpoint, the newest first. An attempt is listed once it has ended.")
            .Asks(Parameters.Page())
            .Asks(Parameters.Status(AttemptStatus), Parameters.StatusCodeClass(), Parameters.Channel(), Parameters.Tag())
            .Asks(Parameters.Window())
            .Asks(Parameters.Flag("with_content", true, WithResponse), Parameters.EventTypes())
            .Answers<ListResponse<MessageAttemptOut>>(200, "A page of attempts.", Examples.Page(Examples.Attempt, Iterator)),
        Operation.Get("/app/{app}/attempt/msg/{message}", "message-attempt.list-by-msg", "List a message's attempts")
            .Says("Attempts of one message at all endpoints, the newest first. An attempt is listed once it has ended.")
            .Asks(Parameters.Page())
            .Asks(Parameters.Status(AttemptStatus), Parameters.StatusCodeClass(), Parameters.Channel(), Parameters.Tag(), Parameters.EndpointId())
            .Asks(Parameters.Window())
            .Asks(Parameters.Flag("with_content", true, WithResponse), Parameters.EventTypes())
            .Answers<ListResponse<MessageAttemptOut>>(200, "A page of attempts.", Examples.Page(Examples.Attempt, Iterator)),
        Operation.Get("/app/{app}/msg/{message}/attempt/{attempt}", "message-attempt.get", "Get an attempt")
            .Says("One attempt.")
            .Answers<MessageAttemptOut>(200, "The attempt.", Examples.Attempt),
        Operation.Delete("/app/{app}/msg/{message}/attempt/{attempt}/content", "message-attempt.expunge-content", "Delete an attempt's answer")
            .Says("Deletes what the receiver answered; `response` is `EXPUNGED` from then on.")
            .ForOrganizations()
            .AnswersNothing(204, "Deleted."),
        Operation.Get("/app/{app}/endpoint/{endpoint}/msg", "message-attempt.list-attempted-messages", "List an endpoint's messages")
            .Says("Messages that were tried at one endpoint, the newest first, and what came of each there.")
            .Asks(Parameters.Page())
            .Asks(Parameters.Channel(), Parameters.Tag())
            .Asks(Parameters.Status("Only messages that stand so: 0 delivered, 2 failed for good, 3 to be tried again; 1 matches none."))
            .Asks(Parameters.Window())
            .Asks(Parameters.Flag("with_content", true, "Whether payloads are shown; else they are empty objects."), Parameters.EventTypes())
            .Answers<ListResponse<EndpointMessageOut>>(200, "A page of messages.", Examples.Page(Examples.EndpointMessage, "msg_032aNK3rR4BsWB8Xmb1E52")),
        Operation.Get("/app/{app}/msg/{message}/endpoint", "message-attempt.list-attempted-destinations", "List a message's endpoints")
            .Says("Endpoints that a message was tried at, deleted ones too, the oldest first, and how the last attempt ended.")
            .Asks(Parameters.Page())
            .Answers<ListResponse<MessageEndpointOut>>(200, "A page of endpoints.", Examples.Page(Examples.MessageEndpoint, "ep_032aNIXWd3eTj8EhD5VWk8")),
        Operation.Post("/app/{app}/msg/{message}/endpoint/{endpoint}/resend", "message-attempt.resend", "Deliver a message again")
            .Says("Makes one more attempt at this endpoint, whatever its filters. No body is needed.")
            .IsAudited()
            .Answers<EmptyOut>(202, "Accepted.", "{}")
            .Refuses(400, "missing_payload", "The payload is no longer kept (`missing_payload`), or the token is of no known kind (`bad_token`).", "The payload is no longer kept."),
        Operation.Get("/app/{app}/msg/{message}/endpoint/{endpoint}/explain", "message-attempt.explain", "Ask why a message was not delivered")
            .Says("An operation of this server. How the message stands at the endpoint, what holds it back, and the same in words.")
            .Ours()
            .Answers<DeliveryExplanationOut>(200, "The answer.", """
                {
                  "standing": "retrying", "inWords": "It has been tried 2 times, last with status 503. The next attempt is planned for 2026-03-01 12:07:05 UTC.",
                  "matchesNow": true, "rule": null, "ordering": "strict", "lane": "endpoint", "ahead": null, "aheadIsExact": null,
                  "paused": false, "disabled": false, "disabledReason": null, "circuitOpen": false,
                  "failingSince": "2026-03-01T12:02:00.000000Z", "nextAttempt": "2026-03-01T12:07:05.000000Z", "attempts": 2,
                  "lastStatusCode": 503, "lastResponse": "busy", "deadReason": null
                }
                """),
    ];
}
