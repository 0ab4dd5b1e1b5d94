using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Recording;

/// <summary>Gathers what publishers and receivers see.</summary>
/// <param name="most">Events that a run may have; what is remembered of one of them is bounded by this.</param>
/// <param name="keep">Whether the histories are kept; a soak needs latencies alone.</param>
internal sealed class Recorder(RunClock clock, int most, bool keep)
{
    private readonly Lock _lock = new();
    private readonly List<PublishedEvent> _published = [];
    private readonly List<ReceivedRequest> _received = [];
    private readonly double[] _sentAt = NotSent(most);
    private readonly byte[] _seen = new byte[most];
    private readonly List<FlowWatch> _watches = [];
    private long _order = -1;
    private long _accepted;
    private double _lastArrival;

    public RunClock Clock => clock;

    /// <summary>Latencies by the second, or by ten of a soak.</summary>
    public Timeline Timeline { get; } = new(keep ? 1 : 10);

    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Requests that have arrived so far.</summary>
    public long Arrivals => Interlocked.Read(ref _order) + 1;

    /// <summary>When the last request arrived.</summary>
    public double LastArrival => Volatile.Read(ref _lastArrival);

    /// <summary>An event's first request is about to be sent.</summary>
    public void Sending(int number, double at)
    {
        if (number >= most)
        {
            throw new InvalidOperationException($"A run has {most} events at most.");
        }

        Volatile.Write(ref _sentAt[number], at);
    }

    /// <summary>An event's last request was answered or given up.</summary>
    public void Published(PublishedEvent published)
    {
        if (published.Outcome == PublishOutcome.Accepted)
        {
            Interlocked.Increment(ref _accepted);
            Timeline.Published(published.AnsweredAt, published.AnsweredAt - published.SentAt);
        }

        if (keep)
        {
            lock (_lock)
            {
                _published.Add(published);
            }
        }
    }

    /// <summary>A request's headers were read; its place among all.</summary>
    public long Arrived(double at)
    {
        Volatile.Write(ref _lastArrival, at);
        return Interlocked.Increment(ref _order);
    }

    /// <summary>A request is about to be answered, or not to be.</summary>
    public void Received(ReceivedRequest received)
    {
        var sentAt = received.Number >= 0 && received.Number < most ? Volatile.Read(ref _sentAt[received.Number]) : double.NaN;
        if (!double.IsNaN(sentAt) && Interlocked.Exchange(ref _seen[received.Number], 1) == 0)
        {
            Timeline.Received(received.ArrivedAt, received.ArrivedAt - sentAt);
        }

        lock (_lock)
        {
            if (keep)
            {
                _received.Add(received);
            }

            foreach (var watch in received.Status == 200 ? _watches : [])
            {
                watch.Received(received, sentAt);
            }
        }
    }

    /// <summary>Watches what arrives from now on, until it is disposed of.</summary>
    public IDisposable Watch(FlowWatch watch)
    {
        lock (_lock)
        {
            _watches.Add(watch);
        }

        return new Ending(() =>
        {
            lock (_lock)
            {
                _watches.Remove(watch);
            }
        });
    }

    /// <summary>Both histories as far as they have come, by number and in the order of arrival.</summary>
    public (IReadOnlyList<PublishedEvent> Published, IReadOnlyList<ReceivedRequest> Received) Read()
    {
        lock (_lock)
        {
            return ([.. _published.OrderBy(static e => e.Number)], [.. _received.OrderBy(static r => r.Order)]);
        }
    }

    private static double[] NotSent(int count)
    {
        var times = new double[count];
        Array.Fill(times, double.NaN);
        return times;
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
