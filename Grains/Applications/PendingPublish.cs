using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Messages;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Applications;

/// <summary>What a commit does with a publish.</summary>
internal enum PublishKind
{
    /// <summary>It enters the log.</summary>
    Append,

    /// <summary>It enters the schedule.</summary>
    Schedule,
}

/// <summary>A publish that waits for its commit.</summary>
internal sealed class PendingPublish(PublishMessage message, long enqueued)
{
    private readonly TaskCompletionSource<Answer<MessageDetails>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PublishMessage Message { get; } = message;

    /// <summary>Monotonic timestamp of its arrival.</summary>
    public long Enqueued { get; } = enqueued;

    public PublishKind Kind { get; init; }

    /// <summary>The scheduled message whose time has come; null for one that a publisher just sent.</summary>
    public StoredMessage? Scheduled { get; init; }

    /// <summary>Publishes of one call that are committed together; null for one by itself.</summary>
    public IReadOnlyList<PendingPublish>? Group { get; set; }

    /// <summary>Its id: made once, kept through renumbering, so that an unknown commit can be recognised.</summary>
    public Guid Id { get; set; }

    /// <summary>When the log, or the schedule, takes it.</summary>
    public DateTimeOffset AcceptedAt { get; set; }

    public int[] Recipients { get; set; } = [];

    /// <summary>The span of the publisher's call; null for a scheduled message, whose call ended long ago.</summary>
    public string? TraceParent { get; init; }

    public Task<Answer<MessageDetails>> Answer => _answer.Task;

    /// <summary>Whether its caller has been answered.</summary>
    public bool IsAnswered => _answer.Task.IsCompleted;

    /// <summary>The message as it is written.</summary>
    public NewMessage ToNewMessage() => new()
    {
        Id = Id,
        Token = Message.Token,
        CheckToken = Message.MayBeRepeat,
        AcceptedAt = AcceptedAt,
        EventType = Message.EventType,
        EventId = Message.EventId,
        Channels = Message.Channels,
        OrderingKey = Message.OrderingKey,
        ContentType = Message.ContentType,
        Tags = Message.Tags,
        DeliverAt = Message.DeliverAt,
        PublishedAt = Scheduled?.AcceptedAt,
        ExpiresAt = ExpiresAt,
        FromSchedule = Scheduled is not null,
        Recipients = Recipients,
        Payload = Scheduled is null ? Message.Payload : Scheduled.Payload,
        TraceParent = TraceParent,
    };

    /// <summary>What the API says of it.</summary>
    public MessageDetails ToDetails() => new()
    {
        Id = EntityId.Format(EntityId.Message, Id),
        EventType = Message.EventType,
        EventId = Message.EventId,
        Channels = Message.Channels,
        AcceptedAt = Scheduled?.AcceptedAt ?? AcceptedAt,
        OrderingKey = Message.OrderingKey,
        Tags = Message.Tags,
        DeliverAt = Message.DeliverAt,
    };

    public void Refuse(Refusal refusal) => _answer.TrySetResult(refusal);

    public void Fail(Exception error)
    {
        _answer.TrySetException(error);
        // Its caller may have gone.
        _ = _answer.Task.Exception;
    }

    public void Accept(MessageDetails details) => _answer.TrySetResult(details);

    // Kept from the moment it is sent: a payload that waits is not gone before its time.
    private DateTimeOffset? ExpiresAt => Scheduled is not null ? Scheduled.ExpiresAt
        : Message.PayloadHours is { } hours ? (Kind == PublishKind.Schedule ? Message.DeliverAt!.Value : AcceptedAt).AddHours(hours)
        : null;
}
