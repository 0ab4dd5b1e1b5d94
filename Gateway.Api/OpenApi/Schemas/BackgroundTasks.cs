using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Webhooks.Gateway.Api.OpenApi.Schemas;

[Description("What to deliver again.")]
internal sealed record RecoverIn
{
    [Description("Messages from this time on; at most 14 days before `until`.")]
    public required DateTimeOffset Since { get; init; }

    [Description("Messages before this time. Null means now.")]
    public DateTimeOffset? Until { get; init; }

    [Description("A field of this server: only count.")]
    [Ours]
    public bool DryRun { get; init; }
}

[Description("What to deliver once more. All that is given must hold.")]
internal sealed record BulkReplayIn
{
    [Description("Messages accepted from this time on, however long ago.")]
    public required DateTimeOffset Since { get; init; }

    [Description("Messages accepted before this time. Null means now.")]
    public DateTimeOffset? Until { get; init; }

    [Description("Messages of these types, at most 100; null for all.")]
    [NameRule]
    public List<string>? EventTypes { get; init; }

    [Description("Messages with this channel.")]
    [NameRule]
    public string? Channel { get; init; }

    [Description("Messages with this tag.")]
    [NameRule]
    public string? Tag { get; init; }

    [Description("Messages that stand so at the endpoint: 0 delivered, 2 failed, 3 on their way. What has not been tried is sent by itself: 1 is refused.")]
    [AllowedValues(0, 2, 3, null)]
    public int? Status { get; init; }

    [Description("Messages whose last attempt ended with a status of this hundred; 0 means without an HTTP answer.")]
    [AllowedValues(0, 100, 200, 300, 400, 500, null)]
    public int? StatusCodeClass { get; init; }

    [Description("A field of this server: only count.")]
    [Ours]
    public bool DryRun { get; init; }
}

[Ours]
[Description("Which dead letters to send again.")]
internal sealed record DeadLetterResendIn
{
    [Description("Messages accepted from this time on. Null means all.")]
    public DateTimeOffset? Since { get; init; }

    [Description("Messages accepted before this time. Null means now.")]
    public DateTimeOffset? Until { get; init; }

    [Description("Only count.")]
    public bool DryRun { get; init; }
}

[Description("A task that has begun.")]
internal sealed record RecoverOut
{
    [Description("Its id: `qtask_` and 22 letters and digits.")]
    public required string Id { get; init; }

    [Description("Always `running`.")]
    [AllowedValues("running")]
    public required string Status { get; init; }

    [Description("What it does.")]
    [AllowedValues("endpoint.recover", "endpoint.replay", "endpoint.bulk-replay", "endpoint.resend-dead-letters")]
    public required string Task { get; init; }

    [Description("When it was started.")]
    public required DateTimeOffset UpdatedAt { get; init; }
}

[Description("How a task in the background is getting on.")]
internal sealed record BackgroundTaskOut
{
    [Description("Its id: `qtask_` and 22 letters and digits.")]
    public required string Id { get; init; }

    [Description("Whether it is still at work. One that was cancelled is `failed`, and `data.cancelled` is true.")]
    [AllowedValues("running", "finished", "failed")]
    public required string Status { get; init; }

    [Description("What it does.")]
    [AllowedValues("endpoint.recover", "endpoint.replay", "endpoint.bulk-replay", "endpoint.resend-dead-letters")]
    public required string Task { get; init; }

    [Description("How far it is.")]
    public required BackgroundTaskData Data { get; init; }

    [Description("When it last wrote down its place.")]
    public required DateTimeOffset UpdatedAt { get; init; }
}

[Description("How far a task in the background is.")]
internal sealed record BackgroundTaskData
{
    [Description("The application that it sends for: its id.")]
    [Ours]
    public required string AppId { get; init; }

    [Description("The endpoint that it sends to: its id.")]
    [Ours]
    public required string EndpointId { get; init; }

    [Description("Messages sent so far.")]
    public required long MessagesSent { get; init; }

    [Description("Messages found so far; of a dry run, what would be sent.")]
    [Ours]
    public required long MessagesMatched { get; init; }

    [Description("Entries of the log looked at so far.")]
    [Ours]
    public required long EntriesScanned { get; init; }

    [Description("Entries of the log to be looked at.")]
    [Ours]
    public required long EntriesTotal { get; init; }

    [Description("The share that has been looked at, 0 to 1.")]
    [Range(0, 1)]
    [Ours]
    public required double Progress { get; init; }

    [Description("Whether it only counts.")]
    [Ours]
    public required bool DryRun { get; init; }

    [Description("Whether somebody ended it.")]
    [Ours]
    public required bool Cancelled { get; init; }
}
