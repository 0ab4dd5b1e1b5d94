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
