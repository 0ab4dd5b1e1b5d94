using System.Collections.Concurrent;

namespace Webhooks.Grains.Endpoints;

/// <summary>The marks of all endpoints that are active in this silo.</summary>
internal sealed class EndpointMarks
{
    private readonly ConcurrentDictionary<EndpointMark, bool> _marks = new(ReferenceEqualityComparer.Instance);

    public void Enter(EndpointMark mark) => _marks[mark] = true;

    public void Leave(EndpointMark mark) => _marks.TryRemove(mark, out _);

    /// <summary>Endpoints with something waiting.</summary>
    public int CountWaiting() => _marks.Count(static m => m.Key.Oldest is not null);

    /// <summary>Messages that wait for all of them, at most.</summary>
    public long SumDepths() => _marks.Sum(static m => m.Key.Depth);

    /// <summary>Those whose oldest waiting message is the oldest, at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<(EndpointMark Mark, DateTimeOffset Oldest)> FindOldest(int limit) => Survey(limit).Oldest;

    /// <summary>How many there are, how many have something waiting, how much waits for them at most, and which have waited the longest.</summary>
    public (int Endpoints, int Waiting, long Messages, IReadOnlyList<(EndpointMark Mark, DateTimeOffset Oldest)> Oldest) Survey(int limit)
    {
        var (endpoints, waiting, messages) = (0, 0, 0L);
        // The newest of those kept is the first to go.
        var kept = new PriorityQueue<(EndpointMark, DateTimeOffset), long>();
        foreach (var (mark, _) in _marks)
        {
            endpoints++;
            if (mark.Oldest is not { } oldest)
            {
                continue;
            }

            waiting++;
            messages += mark.Depth;
            kept.Enqueue((mark, oldest), -oldest.UtcTicks);
            if (kept.Count > limit)
            {
                kept.Dequeue();
            }
        }

        return (endpoints, waiting, messages, [.. kept.UnorderedItems.Select(static item => item.Element)]);
    }

    /// <summary>The endpoint that should have started an attempt before <paramref name="before"/> and waits the longest, and how many there are.</summary>
    public (EndpointMark? Worst, DateTimeOffset Due, int Count) FindStuck(DateTimeOffset before)
    {
        EndpointMark? worst = null;
        var since = before;
        var count = 0;
        foreach (var (mark, _) in _marks)
        {
            if (mark.Due is not { } due || due > before)
            {
                continue;
            }

            count++;
            if (worst is null || due < since)
            {
                (worst, since) = (mark, due);
            }
        }

        return (worst, since, count);
    }
}
