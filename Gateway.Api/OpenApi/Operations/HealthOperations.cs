using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>What is said of the routes of health.</summary>
internal static class HealthOperations
{
    public static readonly IReadOnlyList<Operation> All =
    [
        .. Both("/api/v1/health", "health.get", "health.head", "Ask whether the server works", "Whether store and cluster answer.", static o => o
            .Answers<HealthOut>(200, "They do.", Examples.Health)
            .Answers<HealthOut>(500, "One of them does not.", Examples.Health.Replace("ok", "error", StringComparison.Ordinal))),
        .. Both("/api/v1/health/ping", "health.ping", "health.ping-head", "Ask whether the server is there", "Answers without looking at anything else.", static o => o
            .AnswersNothing(204, "It is.")),
        .. Both("/health/live", "health.live", "health.live-head", "Ask whether the process lives", "For whoever restarts processes.", static o => o
            .AnswersText(200, "It does.", "live")),
        .. Both("/health/ready", "health.ready", "health.ready-head", "Ask whether the process can serve", "For load balancers: whether store and cluster answer.", static o => o
            .AnswersText(200, "It can.", "ready")
            .Refuses(503, "unavailable", "It cannot: store or cluster do not answer.", "The store or the cluster does not answer.")),
    ];

    private static Operation[] Both(string route, string id, string headId, string summary, string description, Func<Operation, Operation> answers) =>
    [
        answers(Operation.At(HttpMethod.Get, route, id, summary).Says(description).Open()),
        answers(Operation.At(HttpMethod.Head, route, headId, summary).Says(description + " The answer has no body.").Open()),
    ];
}
