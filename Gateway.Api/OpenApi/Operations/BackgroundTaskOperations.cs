using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>What is said of tasks in the background, and of the routes of endpoints that start them.</summary>
internal static class BackgroundTaskOperations
{
    private const string One = "/app/{app}/endpoint/{endpoint}";
    private const string Id = "qtask_032aOimzP52bUeuZqzjEFI";
    private const string Range = """{"since": "2026-03-01T00:00:00Z", "until": "2026-03-02T00:00:00Z"}""";

    private const string Finished = $$"""
        {
          "id": "{{Id}}", "status": "finished", "task": "endpoint.recover",
          "data": {
            "appId": "app_032aNH1Bp9VjI2sBqkk6s8", "endpointId": "ep_032aNIXWd3eTj8EhD5VWk8",
            "messagesSent": 3, "messagesMatched": 3, "entriesScanned": 1017, "entriesTotal": 1017, "progress": 1, "dryRun": false, "cancelled": false
          },
          "updatedAt": "2026-03-02T08:00:05.000000Z"
        }
        """;

    private const string Cancelled = $$"""
        {
          "id": "{{Id}}", "status": "failed", "task": "endpoint.bulk-replay",
          "data": {
            "appId": "app_032aNH1Bp9VjI2sBqkk6s8", "endpointId": "ep_032aNIXWd3eTj8EhD5VWk8",
            "messagesSent": 120, "messagesMatched": 120, "entriesScanned": 400, "entriesTotal": 1000, "progress": 0.4, "dryRun": false, "cancelled": true
          },
          "updatedAt": "2026-03-02T08:00:05.000000Z"
        }
        """;

    public static readonly IReadOnlyList<Operation> Starting =
    [
        Operation.Post(One + "/recover", "endpoint.recover", "Deliver failed messages again")
            .Says("Sends every message of a stretch of time that failed at this endpoint and was never delivered there once more, with the whole retry schedule. It runs in the background.")
            .IsAudited()
            .Takes<RecoverIn>(Range)
            .Answers<RecoverOut>(202, "Started.", Started("endpoint.recover")),
        Operation.Post(One + "/replay-missing", "endpoint.replay-missing", "Deliver messages that were never tried")
            .Says("Sends every message of a stretch of time that was never tried at this endpoint and that its filters, as they are now, let through: those from before it was created, or before its filters were widened. It runs in the background.")
            .IsAudited()
            .Takes<RecoverIn>(Range)
            .Answers<RecoverOut>(202, "Started.", Started("endpoint.replay")),
        Operation.Post(One + "/bulk-replay", "endpoint.bulk-replay", "Deliver messages once more")
            .Says("Sends every message of a stretch of time that went to this endpoint once more, whatever came of it, as far as the filter lets it. How far it reaches back is bounded by what is still kept. It runs in the background.")
            .IsAudited()
            .Takes<BulkReplayIn>("""{"since": "2026-03-01T00:00:00Z", "eventTypes": ["sale.completed"], "status": 2}""")
            .Answers<RecoverOut>(202, "Started.", Started("endpoint.bulk-replay")),
        Operation.Post(One + "/dead-letter/resend", "endpoint.resend-dead-letters", "Send dead letters again")
            .Says("An operation of this server. Sends the endpoint's dead letters again, all of them or those accepted within a stretch of time, with the whole retry schedule. It runs in the background.")
            .Ours()
            .IsAudited()
            .MayTake<DeadLetterResendIn>("""{"since": "2026-03-01T00:00:00Z", "dryRun": true}""")
            .Answers<RecoverOut>(202, "Started.", Started("endpoint.resend-dead-letters")),
    ];

    public static readonly IReadOnlyList<Operation> All =
    [
        Operation.Get("/background-task", "background-task.list", "List background tasks")
            .Says("Recoveries and replays of all applications, the newest first unless asked otherwise.")
            .ForOrganizations()
            .Asks(Parameters.TaskStatus(), Parameters.TaskKind())
            .Asks(Parameters.OrderedPage("descending"))
            .Answers<ListResponse<BackgroundTaskOut>>(200, "A page of tasks.", Examples.Page(Finished, Id)),
        Operation.Get("/background-task/{task}", "background-task.get", "Get a background task")
            .Says("How a recovery or a replay is getting on. An application's token sees those of its application.")
            .Answers<BackgroundTaskOut>(200, "The task.", Finished),
        Operation.Post("/background-task/{task}/cancel", "background-task.cancel", "Cancel a background task")
            .Says("An operation of this server. Ends a task where it is; what it has sent stays sent. One that has ended already stays as it is. An application's token ends those of its application.")
            .Ours()
            .IsAudited()
            .MayTake<OperatorNoteIn>("""{"note": "wrong day"}""")
            .Answers<BackgroundTaskOut>(200, "The task as it is now.", Cancelled),
    ];

    private static string Started(string task) => $$"""{"id": "{{Id}}", "status": "running", "task": "{{task}}", "updatedAt": "2026-03-02T08:00:00.000000Z"}""";
}
