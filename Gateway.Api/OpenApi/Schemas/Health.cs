using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("How the server's parts are.")]
internal sealed record HealthOut
{
    [Description("The store.")]
    public required HealthPart Database { get; init; }

    [Description("What carries deliveries.")]
    public required HealthPart Queue { get; init; }

    [Description("What is kept in memory.")]
    public required HealthPart Cache { get; init; }
}

[Description("How one part is.")]
internal sealed record HealthPart
{
    [Description("`ok` or `error`.")]
    [AllowedValues("ok", "error")]
    public required string Status { get; init; }
}

[Description("What a health page checks, and what came of it.")]
internal sealed record HealthPageOut
{
    [Description("`ok` when every check is, `degraded` when one tells of trouble that leaves this process of use, else `error`.")]
    [AllowedValues("ok", "degraded", "error")]
    public required string Status { get; init; }

    [Description("A stable word for programs; only when something is wrong.")]
    public string? Code { get; init; }

    [Description("What is wrong, in sentences for people; only when something is.")]
    public string? Detail { get; init; }

    [Description("Each check.")]
    public required List<HealthCheckOut> Checks { get; init; }
}

[Description("One check.")]
internal sealed record HealthCheckOut
{
    [Description("Its name.")]
    public required string Name { get; init; }

    [Description("`ok`, `degraded` or `error`.")]
    [AllowedValues("ok", "degraded", "error")]
    public required string Status { get; init; }

    [Description("How it is, in a sentence for people; its wording may change.")]
    public required string Detail { get; init; }
}
