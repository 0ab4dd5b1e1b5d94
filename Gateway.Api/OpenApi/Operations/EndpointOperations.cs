using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>What is said of the routes of endpoints.</summary>
internal static class EndpointOperations
{
    private const string Body = """{"url": "https://crm.example.com/webhooks", "uid": "crm", "description": "Leads for the CRM", "eventTypes": ["lead.captured"]}""";
    private const string Iterator = "ep_032aNIXWd3eTj8EhD5VWk8";
    private const string Root = "/app/{app}/endpoint";
    private const string One = Root + "/{endpoint}";

    public static readonly IReadOnlyList<Operation> All =
    [
        Operation.Get(Root, "endpoint.list", "List endpoints")
            .Says("The application's endpoints, the newest first unless asked otherwise.")
            .Asks(Parameters.OrderedPage("descending"))
            .Answers<ListResponse<EndpointOut>>(200, "A page of endpoints.", Examples.Page(Examples.Endpoint, Iterator)),
        Operation.Post(Root, "endpoint.create", "Create an endpoint")
            .Says("Creates an endpoint, which receives every matching message that is published after the answer.")
            .Takes<EndpointIn>(Body)
            .Answers<EndpointOut>(201, "Created.", Examples.Endpoint)
            .Refuses(409, "conflict", "The `uid` is taken.", "An entity with this uid already exists."),
        Operation.Get(One, "endpoint.get", "Get an endpoint")
            .Says("One endpoint, without its secret and headers, which have addresses of their own.")
            .Answers<EndpointOut>(200, "The endpoint.", Examples.Endpoint),
        Operation.Put(One, "endpoint.update", "Replace or create an endpoint")
            .Says("Replaces all that the body can hold; the secret stays, and the headers stay unless given. When the path names no endpoint, one is created; its `uid` is the body's, not the path's.")
            .IsAudited()
            .Takes<EndpointUpdate>(Body)
            .Answers<EndpointOut>(200, "Replaced.", Examples.Endpoint)
            .Answers<EndpointOut>(201, "Created.", Examples.Endpoint)
            .Refuses(409, "conflict", "The `uid` is taken.", "An entity with this uid already exists."),
        Operation.Patch(One, "endpoint.patch", "Change an endpoint")
            .Says("Changes the fields that the body holds and no others. What waits is delivered as the endpoint is then.")
            .IsAudited()
            .Takes<EndpointPatch>("""{"disabled": true}""")
            .Answers<EndpointOut>(200, "Changed.", Examples.Endpoint)
            .Refuses(409, "conflict", "The `uid` is taken.", "An entity with this uid already exists."),
        Operation.Delete(One, "endpoint.delete", "Delete an endpoint")
            .Says("Deletes the endpoint. What was waiting for it is not delivered any more; past attempts stay.")
            .AnswersNothing(204, "Deleted."),
        Operation.Get(One + "/headers", "endpoint.get-headers", "Get an endpoint's headers")
            .Says("The headers that every delivery carries beside the ones of the signature. Values that hold credentials are withheld.")
            .Answers<EndpointHeadersOut>(200, "The headers.", """{"headers": {"X-Tenant": "acme"}, "sensitive": ["Authorization"]}"""),
        Operation.Put(One + "/headers", "endpoint.update-headers", "Replace an endpoint's headers")
            .Says("Replaces all headers.")
            .Takes<EndpointHeadersIn>("""{"headers": {"X-Tenant": "acme", "Authorization": "Basic YWRhOnNlY3JldA=="}}""")
            .AnswersNothing(204, "Replaced."),
        Operation.Patch(One + "/headers", "endpoint.patch-headers", "Change an endpoint's headers")
            .Says("Sets the headers that the body holds and removes those that it holds as null. Names are compared to the letter.")
            .Takes<EndpointHeadersPatchIn>("""{"headers": {"X-Tenant": "acme", "X-Old": null}}""")
            .AnswersNothing(204, "Changed."),
        Operation.Get(One + "/secret", "endpoint.get-secret", "Get an endpoint's signing key")
            .Says("What receivers check signatures with.")
            .Answers<EndpointSecretOut>(200, "The key.", """{"key": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}"""),
        Operation.Post(One + "/secret/rotate", "endpoint.rotate-secret", "Rotate an endpoint's signing key")
            .Says("Signs with another key from now on. For a while deliveries are signed with the old key too, so that receivers can follow. A body is needed; `{}` will do.")
            .Takes<EndpointSecretRotateIn>("""{"gracePeriodSeconds": 3600}""")
            .IsAudited()
            .AnswersNothing(204, "Rotated.")
            .Refuses(400, "limit_reached", "More than ten old keys still sign (`limit_reached`), or the token is of no known kind (`bad_token`).", "Too many old secrets are still valid: wait until one of them expires."),
        .. BackgroundTaskOperations.Starting,
        Operation.Post(One + "/send-example", "endpoint.send-example", "Send an example")
            .Says("Publishes the event type's example, `examples[0]` of its schema of version 1, to this endpoint alone. `svix.ping` needs no event type.")
            .Takes<EventExampleIn>("""{"eventType": "lead.captured"}""")
            .Answers<MessageOut>(200, "Published.", Examples.EmptyMessage)
            .Refuses(400, "invalid_scheme", "The event type has no example (`invalid_scheme`), or the token is of no known kind (`bad_token`).", "The event type has no example."),
        Operation.Get(One + "/dead-letter", "endpoint.list-dead-letters", "List an endpoint's dead letters")
            .Says("An operation of this server. Messages that were given up at this endpoint, the newest first, and why. One that is sent again and delivered is no dead letter any more.")
            .Ours()
            .Asks(Parameters.Page())
            .Asks(Parameters.Flag("with_content", true, "Whether payloads are shown; else they are empty objects."))
            .Answers<ListResponse<DeadLetterOut>>(200, "A page of dead letters.", Examples.Page(Examples.DeadLetter, "msg_032aNK3rR4BsWB8Xmb1E52")),
        Operation.Get(One + "/dead-letter/count", "endpoint.count-dead-letters", "Count an endpoint's dead letters")
            .Says("An operation of this server. How many messages were given up at this endpoint.")
            .Ours()
            .Answers<DeadLetterCountOut>(200, "The number.", """{"count": 3}"""),
        Operation.Post(One + "/filter/test", "endpoint.test-filter", "Try filters on a message")
            .Says("An operation of this server. Whether the endpoint would receive such a message, by its own filters or by others that the body names instead. Nothing is stored and nothing is sent.")
            .Ours()
            .Takes<FilterTestIn>("""{"eventType": "sale.completed", "payload": {"total": 1200, "country": "DE"}, "filter": {"total": {"$gte": 1000}, "country": {"$in": ["DE", "FR"]}}}""")
            .Answers<FilterTestOut>(200, "The verdict.", """{"matches": true, "rule": null}"""),
        Operation.At(HttpMethod.Get, "/jwks/{endpointId}", "endpoint.get-public-keys", "Get the public keys that sign an endpoint's deliveries")
            .Says("An operation of this server, for receivers. The ed25519 keys whose `v1a` signatures deliveries carry now: the current one, and during a rotation those before it. `whsec_` keys are secret and never stand here. May be kept for five minutes.")
            .Ours()
            .Open()
            .Answers<KeySetOut>(200, "The keys.", """
                {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "use": "sig", "alg": "EdDSA"}]}
                """)
            .Refuses(404, "not_found", "There is no such endpoint.", "Entity not found.")
            .Refuses(503, "unavailable", "Store or cluster do not answer.", "The store did not answer in time; the same call may be repeated."),
        Operation.Get(One + "/stats", "endpoint.get-stats", "Count an endpoint's attempts")
            .Says("Attempts of a stretch of time by how they ended.")
            .Asks(
                Parameters.Time("since", "From this time on; at most 28 days before `until`, which is also what it is by default."),
                Parameters.Time("until", "Up to this time, which is not in the future. Default: now."))
            .Answers<EndpointStats>(200, "The counts.", """{"success": 1017, "pending": 0, "sending": 0, "fail": 3, "canceled": 0}""")
            .Refuses(400, "invalid_range", "The stretch is too long or reaches into the future (`invalid_range`), or a time cannot be read (`generic_error`).", "until lies in the future."),
        Operation.Get(One + "/stats/series", "endpoint.get-stats-series", "Count an endpoint's attempts over time")
            .Says("An operation of this server. Attempts of the last hours or days, in stretches of equal length, by how they ended, and how long receivers took: the median and the 95th percentile of at most the last 500 attempts of each stretch.")
            .Ours()
            .Asks(Parameters.Choice("period", "What is looked back on: `24h` in stretches of an hour, `7d` of six hours, `28d` of a day.", "24h", "7d", "28d"))
            .Answers<EndpointSeriesOut>(200, "The stretches, the oldest first.", """
                {"data": [{"start": "2026-03-02T07:00:00.000000Z", "success": 1017, "fail": 3, "medianMs": 42, "p95Ms": 180}]}
                """)
            .Refuses(400, "generic_error", "There is no such period (`generic_error`), or the token is of no known kind (`bad_token`).", "period is one of 24h, 7d, 28d."),
        .. OperatorOperations.OfEndpoints,
    ];
}
