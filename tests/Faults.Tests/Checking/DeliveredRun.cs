using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Tests.Checking;

/// <summary>What the lanes of a generated run add to its history.</summary>
internal sealed class DeliveredRun
{
    private readonly List<ReceivedRequest> _received = [];
    private int _attempts;

    public List<ListedAttempt> Attempts { get; } = [];

    public List<ListedDeadLetter> DeadLetters { get; } = [];

    public void Receive(string endpoint, string messageId, int number, double at, double? answeredAt, int status) =>
        _received.Add(new ReceivedRequest(0, endpoint, messageId, number, at, answeredAt, status, null));

    public ListedAttempt NewAttempt(string endpoint, string messageId, int status) => new(endpoint, messageId, $"atmpt_{_attempts++}", status);

    public List<ReceivedRequest> ReceivedInOrder() => [.. _received.OrderBy(static r => r.ArrivedAt).Select(static (r, place) => r with { Order = place })];
}
