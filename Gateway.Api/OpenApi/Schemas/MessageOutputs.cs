using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("A message that was published.")]
internal record MessageOut
{
    [Description("Given by the server: `msg_` and 22 letters and digits. Ids in order of text are in order of acceptance.")]
    public required string Id { get; init; }

    [Description("The caller's own identifier; null when there is none.")]
    [NameRule]
    public required string? EventId { get; init; }

    [Description("The kind of message.")]
    [NameRule]
    public required string EventType { get; init; }

    [Description("Its channels; null when it has none.")]
    [NameRule]
    public required List<string>? Channels { get; init; }

    [Description("Its tags. Absent when it has none.")]
    [NameRule]
    public List<string> Tags { get; init; } = [];

    [Description("The body that receivers get; an empty object with `with_content=false`, and `expired: true` alone once it is no longer kept.")]
    public required JsonObject Payload { get; init; }

    [Description("When it was accepted.")]
    public required DateTimeOffset Timestamp { get; init; }

    [Description("When it is, or was, to be delivered. Absent: at once.")]
    public DateTimeOffset DeliverAt { get; init; }

    [Description("A field of this server: the key within which its order is kept. Absent when there is none.")]
    [Ours]
    public string OrderingKey { get; init; } = "";
}

[Description("A message that was tried at an endpoint, and what came of it.")]
internal sealed record EndpointMessageOut : MessageOut
{
    [Description("What came of it: 0 delivered, 2 failed with no further attempt planned, 3 failed with one planned.")]
    [AllowedValues(0, 2, 3)]
    public required int Status { get; init; }

    [Description("`status` in a word.")]
    [AllowedValues("success", "fail", "sending")]
    public required string StatusText { get; init; }

    [Description("When it will be tried next. Absent when no further attempt is planned.")]
    public DateTimeOffset NextAttempt { get; init; }
}
