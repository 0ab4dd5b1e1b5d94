using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>All that is known of one message at one endpoint that it belongs to.</summary>
/// <param name="place">The message's place in its application's log.</param>
internal sealed class Delivery(ListedMessage message, PublishedEvent? published, int place)
{
    private List<ReceivedRequest>? _requests;
    private List<ListedAttempt>? _attempts;

    public ListedMessage Message => message;

    /// <summary>The event behind the message; null when neither a publisher nor a receiver can tell it.</summary>
    public PublishedEvent? Event => published;

    public int Place => place;

    /// <summary>Requests in the order of arrival.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => _requests ?? (IReadOnlyList<ReceivedRequest>)[];

    public IReadOnlyList<ListedAttempt> Attempts => _attempts ?? (IReadOnlyList<ListedAttempt>)[];

    public bool IsDeadLetter { get; set; }

    /// <summary>When the first success was answered; infinite without one.</summary>
    public double SucceededAt { get; private set; } = double.PositiveInfinity;

    public void Add(ReceivedRequest request)
    {
        (_requests ??= []).Add(request);
        if (request.IsSuccess)
        {
            SucceededAt = Math.Min(SucceededAt, request.AnsweredAt ?? request.ArrivedAt);
        }
    }

    public void Add(ListedAttempt attempt) => (_attempts ??= []).Add(attempt);
}
