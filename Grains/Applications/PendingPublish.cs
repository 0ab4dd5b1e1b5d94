using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Messages;

namespace Webhooks.Grains.Applications;

/// <summary>A publish that waits for its commit.</summary>
internal sealed class PendingPublish(PublishMessage message, long enqueued)
{
    private readonly TaskCompletionSource<Answer<MessageDetails>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PublishMessage Message { get; } = message;

    /// <summary>Monotonic timestamp of its arrival.</summary>
    public long Enqueued { get; } = enqueued;

    /// <summary>Its id: made once, kept through renumbering, so that an unknown commit can be recognised.</summary>
    public Guid Id { get; set; }

    public DateTimeOffset AcceptedAt { get; set; }

    public int[] Recipients { get; set; } = [];

    public Task<Answer<MessageDetails>> Answer => _answer.Task;

    public void Refuse(Refusal refusal) => _answer.TrySetResult(refusal);

    public void Fail(Exception error) => _answer.TrySetException(error);

    public void Accept(MessageDetails details) => _answer.TrySetResult(details);
}
