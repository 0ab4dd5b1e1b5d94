using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Recording;

/// <summary>How long it took until everything flowed, milliseconds.</summary>
/// <param name="Any">Until each endpoint had got something: what was waiting, or new.</param>
/// <param name="New">Until each endpoint had got an event that was published after the moment.</param>
internal sealed record Flow(double Any, double New);

/// <summary>Waits until each endpoint flows again.</summary>
/// <param name="since">The moment from which it counts, milliseconds of the run.</param>
internal sealed class FlowWatch(double since, IEnumerable<string> endpoints)
{
    private readonly HashSet<string> _withoutAny = [.. endpoints];
    private readonly HashSet<string> _withoutNew = [.. endpoints];
    private readonly TaskCompletionSource<Flow> _flows = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private double _any;

    /// <summary>Endpoints that have got nothing published after the moment, for the message of a run that stands still.</summary>
    public string Waiting => string.Join(", ", _withoutNew);

    /// <summary>Ends when all flow.</summary>
    public Task<Flow> FlowsAsync(TimeSpan deadline, CancellationToken cancellationToken) => _flows.Task.WaitAsync(deadline, cancellationToken);

    /// <summary>Something was received and answered 200; one call at a time.</summary>
    /// <param name="sentAt">When its event was first sent.</param>
    public void Received(ReceivedRequest received, double sentAt)
    {
        if (received.ArrivedAt < since)
        {
            return;
        }

        if (_withoutAny.Remove(received.Endpoint) && _withoutAny.Count == 0)
        {
            _any = received.ArrivedAt - since;
        }

        if (sentAt >= since && _withoutNew.Remove(received.Endpoint) && _withoutNew.Count == 0)
        {
            _flows.TrySetResult(new Flow(_any, received.ArrivedAt - since));
        }
    }
}
