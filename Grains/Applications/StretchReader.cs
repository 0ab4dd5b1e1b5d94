using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Applications;

/// <summary>
/// What waits in the stretch of the log behind its end that idle cursors may lie in, read once for all endpoints.
/// </summary>
internal sealed class StretchReader
{
    /// <summary>An idle cursor is never further behind than this; one that is has a backlog for certain.</summary>
    public const int Longest = 10_000;

    private readonly Dictionary<int, long> _last = [];
    private readonly long _from;

    private StretchReader(long from) => _from = from;

    public static async Task<StretchReader> ReadAsync(IMessageLog log, Guid application, RoutingSnapshot snapshot, CancellationToken cancellationToken)
    {
        var tail = snapshot.Head.Tail;
        var from = Math.Max(tail - Longest, snapshot.Endpoints.Min(static e => (long?)e.Position) ?? tail);
        var stretch = new StretchReader(from);
        if (from < tail)
        {
            foreach (var entry in await log.ReadRecipientsAsync(application, from, tail, Longest, cancellationToken))
            {
                foreach (var ordinal in entry.Recipients)
                {
                    stretch._last[ordinal] = entry.Seq;
                }
            }
        }

        return stretch;
    }

    /// <summary>The last entry that names the endpoint, as far as it matters: its own position when nothing lies after it.</summary>
    public long LastMatched(RoutedEndpoint endpoint)
    {
        if (_last.TryGetValue(endpoint.Details.Ordinal, out var seq))
        {
            return Math.Max(seq, endpoint.Position);
        }

        // Below the stretch there is something for it, or its cursor would have been lifted.
        return endpoint.Position < _from ? _from : endpoint.Position;
    }
}
