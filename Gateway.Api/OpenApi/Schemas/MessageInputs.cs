using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("A message to publish.")]
internal sealed record MessageIn
{
    [Description("The kind of message. It need not be a known event type.")]
    [NameRule]
    public required string EventType { get; init; }

    [Description("What receivers get as the body, byte for byte as it stands here: a JSON object. `data` is another name for it.")]
    public required JsonObject Payload { get; init; }

    [Description("The caller's own identifier, usable once per application. Must not begin with `msg_`.")]
    [NameRule]
    public string? EventId { get; init; }

    [Description("Only endpoints without channels, or with one of these, receive it; 1 to 5. Null: none.")]
    [NameRule]
    [MinLength(1)]
    [MaxLength(5)]
    public List<string>? Channels { get; init; }

    [Description("Words to find the message by; 1 to 5.")]
    [NameRule]
    [MinLength(1)]
    [MaxLength(5)]
    public List<string>? Tags { get; init; }

    [Description("Not to be delivered before this time. Null: at once.")]
    public DateTimeOffset? DeliverAt { get; init; }

    [Description("Days to keep the payload, 5 to 90. Null means 90.")]
    [Range(5, 90)]
    [DefaultValue(90)]
    public int? PayloadRetentionPeriod { get; init; }

    [Description("Hours to keep the payload; wins over `payloadRetentionPeriod`.")]
    [Range(1, 2160)]
    public int? PayloadRetentionHours { get; init; }

    [Description("What is sent instead of the payload.")]
    public TransformationsParams? TransformationsParams { get; init; }

    [Description("The application to create when the one of the path does not exist. Its uid must be the one of the path.")]
    public ApplicationIn? Application { get; init; }

    [Description("A field of this server. Messages with the same key keep their order at endpoints whose `ordering` is `key`; up to 256 characters.")]
    [MaxLength(256)]
    [Ours]
    public string? OrderingKey { get; init; }
}

[Description("What is sent instead of the payload.")]
internal sealed record TransformationsParams
{
    [Description("The body that receivers get, as text of any kind.")]
    public string? RawPayload { get; init; }

    [Description("Headers of the body; only `content-type` is heeded.")]
    public Dictionary<string, string>? Headers { get; init; }
}

[Description("An event to publish in this server's short form. Receivers get an object of `type`, `timestamp` and `data`, in that order.")]
[Ours]
internal sealed record EventIn
{
    [Description("The kind of message. It need not be a known event type.")]
    [NameRule]
    public required string Type { get; init; }

    [Description("What the event tells: any JSON.")]
    public required JsonNode Data { get; init; }

    [Description("When it happened, RFC 3339 with an offset. Null means now.")]
    public DateTimeOffset? Timestamp { get; init; }

    [Description("The caller's own identifier, usable once per application. Must not begin with `msg_`.")]
    [NameRule]
    public string? Id { get; init; }

    [Description("Only endpoints without channels, or with one of these, receive it; 1 to 5. Null: none.")]
    [NameRule]
    [MinLength(1)]
    [MaxLength(5)]
    public List<string>? Channels { get; init; }

    [Description("Messages with the same key keep their order at endpoints whose `ordering` is `key`; up to 256 characters.")]
    [MaxLength(256)]
    public string? OrderingKey { get; init; }
}

[Description("Messages to publish in one call, in this order.")]
[Ours]
internal sealed record MessageBatchIn
{
    [Description("1 to 1,000 messages, together up to 4 MiB.")]
    [MinLength(1)]
    [MaxLength(1000)]
    public required List<MessageIn> Messages { get; init; }
}

[Description("What became of each message of a batch.")]
[Ours]
internal sealed record MessageBatchOut
{
    [Description("One item per message, in the order of the call.")]
    public required List<MessageBatchItem> Data { get; init; }
}

[Description("What became of one message of a batch.")]
[Ours]
internal sealed record MessageBatchItem
{
    [Description("The status that the message would have been answered with on its own: 202, or that of its refusal.")]
    public required int Status { get; init; }

    [Description("The message, when it was accepted.")]
    public MessageOut Message { get; init; } = null!;

    [Description("Why it was refused, when it was.")]
    public ErrorOut Error { get; init; } = null!;
}

[Description("A kind of message to ask about.")]
internal sealed record MessagePrecheckIn
{
    [Description("The event type.")]
    [NameRule]
    public required string EventType { get; init; }

    [Description("Only endpoints without channels, or with one of these, receive it; 1 to 5. Null: none.")]
    [NameRule]
    [MinLength(1)]
    [MaxLength(5)]
    public List<string>? Channels { get; init; }
}

[Description("Whether anybody would receive such a message.")]
internal sealed record MessagePrecheckOut
{
    [Description("Whether at least one endpoint that is not disabled would receive it.")]
    public required bool Active { get; init; }
}
