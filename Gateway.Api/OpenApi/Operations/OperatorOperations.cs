using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>What is said of the operators' routes and of the audit log.</summary>
internal static class OperatorOperations
{
    private const string One = "/app/{app}/endpoint/{endpoint}";
    private const string Note = """{"note": "receiver is being moved"}""";

    private const string Entry = """
        {
          "id": "audit_032aNK3rR4BsWB8Xmb1E52", "endpointId": "ep_032aNIXWd3eTj8EhD5VWk8", "timestamp": "2026-03-01T12:02:00.000000Z",
          "actor": "organization org_23rb8YdGqMT0qIzpgGwdXfHirMu", "actorName": "Ada", "action": "endpoint.resumed", "note": null,
          "details": {"from": "queue"}
        }
        """;

    public static readonly IReadOnlyList<Operation> OfEndpoints =
    [
        Operation.Post(One + "/pause", "endpoint.pause", "Pause an endpoint")
            .Says("An operation of this server. Nothing more is sent; messages go on being accepted for the endpoint, and wait in their order. Attempts under way end as they may.")
            .Ours()
            .IsAudited()
            .MayTake<OperatorNoteIn>(Note)
            .Answers<EndpointOut>(200, "It is paused, since now or before.", Examples.Endpoint),
        Operation.Post(One + "/resume", "endpoint.resume", "Resume an endpoint")
            .Says("An operation of this server. Deliveries go on, whether the endpoint was paused or disabled. From `now`, for which an organization's token is needed, what waits is given up first.")
            .Ours()
            .IsAudited()
            .MayTake<EndpointResumeIn>("""{"from": "queue"}""")
            .Answers<EndpointOut>(200, "It is neither paused nor disabled.", Examples.Endpoint)
            .Refuses(403, "insufficient access", "An application's token may resume from the queue only.", "An application's token may resume from the queue only."),
        Operation.Post(One + "/skip-head", "endpoint.skip-head", "Skip the message at the head")
            .Says("An operation of this server. Gives up the message that holds back the others, or the one that the body names, wherever it waits; it becomes a dead letter. Without a message and without an idempotency key, a call that was not answered should not be repeated before looking.")
            .ForOrganizations()
            .Ours()
            .IsAudited()
            .MayTake<EndpointSkipIn>("""{"message": "order-1017-paid", "note": "the receiver cannot read it"}""")
            .Answers<EndpointSkipOut>(200, "What was skipped.", """{"messageId": "msg_032aNK3rR4BsWB8Xmb1E52", "state": "skipped"}"""),
        Operation.Post(One + "/purge", "endpoint.purge", "Purge an endpoint's queue")
            .Says("An operation of this server. Gives up everything that waits; it becomes dead letters. Whether the endpoint is paused or disabled does not change.")
            .ForOrganizations()
            .Ours()
            .IsAudited()
            .MayTake<OperatorNoteIn>(Note)
            .Answers<EndpointPurgeOut>(200, "What was purged.", """{"upTo": 1017, "inFlight": false}"""),
        Operation.Get(One + "/audit", "endpoint.list-audit", "List what was done to an endpoint")
            .Says("An operation of this server. What was done to the endpoint by hand, the newest first.")
            .Ours()
            .Asks(Parameters.Page())
            .Answers<ListResponse<AuditEntryOut>>(200, "A page of entries.", Examples.Page(Entry, "audit_032aNK3rR4BsWB8Xmb1E52")),
    ];

    public static readonly IReadOnlyList<Operation> OfApplications =
    [
        Operation.Get("/app/{app}/audit", "application.list-audit", "List what was done to an application's endpoints")
            .Says("An operation of this server. What was done to the application's endpoints by hand, those that are deleted too, the newest first.")
            .ForOrganizations()
            .Ours()
            .Asks(Parameters.Page())
            .Answers<ListResponse<AuditEntryOut>>(200, "A page of entries.", Examples.Page(Entry, "audit_032aNK3rR4BsWB8Xmb1E52")),
    ];
}
