using Webhooks.Gateway.Api.OpenApi.Schemas;

namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>What is said of the routes of health.</summary>
internal static class HealthOperations
{
    public static readonly IReadOnlyList<Operation> All =
    [
        .. Both("/api/v1/health", "health.get", "health.head", "Ask whether the server works", "Whether the server can do its work: what `/health/ready` says, in the contract's shape.", static o => o
            .Answers<HealthOut>(200, "It can.", Examples.Health)
            .Answers<HealthOut>(500, "It cannot.", Examples.Health.Replace("ok", "error", StringComparison.Ordinal))),
        .. Both("/api/v1/health/ping", "health.ping", "health.ping-head", "Ask whether the server is there", "Answers without looking at anything else.", static o => o
            .AnswersNothing(204, "It is.")),
        .. Both("/health/live", "health.live", "health.live-head", "Ask whether the process lives", "For whoever restarts processes: fails only when a restart would help.", static o => o
            .Answers<HealthPageOut>(200, "It does.", Examples.Live)
            .Answers<HealthPageOut>(503, "It does not: restart it.", Examples.NotLive)),
        .. Both("/health/ready", "health.ready", "health.ready-head", "Ask whether the process can serve", "For load balancers: whether a call could be served, and whether accepted messages become attempts.", static o => o
            .Answers<HealthPageOut>(200, "It can.", Examples.Ready)
            .Answers<HealthPageOut>(503, "It cannot, and why.", Examples.NotReady)),
    ];

    private static Operation[] Both(string route, string id, string headId, string summary, string description, Func<Operation, Operation> answers) =>
    [
        answers(Operation.At(HttpMethod.Get, route, id, summary).Says(description).Open()),
        answers(Operation.At(HttpMethod.Head, route, headId, summary).Says(description + " The answer has no body.").Open()),
    ];
}
