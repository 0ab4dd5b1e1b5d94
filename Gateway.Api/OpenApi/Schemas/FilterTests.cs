using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Ours]
[Description("A message to try filters on, and filters to try instead of the endpoint's own.")]
internal sealed record FilterTestIn
{
    [Description("The message's event type; it need not exist.")]
    [NameRule]
    public required string EventType { get; init; }

    [Description("The message's channels, 1 to 5. Null: none.")]
    [NameRule]
    [MinLength(1)]
    [MaxLength(5)]
    public List<string>? Channels { get; init; }

    [Description("The message's payload: any JSON.")]
    public required JsonNode Payload { get; init; }

    [Description("Tried instead of the endpoint's payload filter; null tries none. Absent: the endpoint's own.")]
    public JsonObject? Filter { get; init; }

    [Description("Tried instead of the endpoint's event types; null tries all. Absent: the endpoint's own.")]
    [NameRule(MayBePattern = true)]
    [MinLength(1)]
    public List<string>? EventTypes { get; init; }
}

[Ours]
[Description("Whether the message would go to the endpoint.")]
internal sealed record FilterTestOut
{
    [Description("Whether all filters let it through.")]
    public required bool Matches { get; init; }

    [Description("The first that does not: `event-type`, `channel` or `filter`; null when all do.")]
    [AllowedValues("event-type", "channel", "filter", null)]
    public required string? Rule { get; init; }
}
