namespace Webhooks.Gateway.Api.Cluster;

/// <summary>
/// What this gateway knows of the cluster: null, or why no call can be served now. Calls are then answered at once, also
/// those that wait for an answer already. Thread-safe.
/// </summary>
internal sealed class ClusterState
{
    private sealed record Now(string? Trouble, string? Stuck, CancellationTokenSource Ends);

    /// <summary>The store is known not to answer.</summary>
    public const string StoreOut = "The store does not answer; the same call may be repeated.";

    /// <summary>No silo answers.</summary>
    public const string NoSilo = "No silo of the cluster answers; the same call may be repeated.";

    private volatile Now _now = new(null, null, new CancellationTokenSource());

    /// <summary>Why no call can be served; null when they can.</summary>
    public string? Trouble => _now.Trouble;

    /// <summary>In a silo's words, why accepted messages do not become attempts; null when they do.</summary>
    public string? Stuck => _now.Stuck;

    /// <summary>The trouble, and what is cancelled when one begins: of one moment.</summary>
    public (string? Trouble, CancellationToken Begins) Look()
    {
        var now = _now;
        return (now.Trouble, now.Ends.Token);
    }

    /// <summary>Sets what is known; true when trouble has begun or ended.</summary>
    public bool Set(string? trouble, string? stuck)
    {
        var before = _now;
        if (before.Trouble == trouble)
        {
            _now = before with { Stuck = stuck };
            return false;
        }

        var begins = before.Trouble is null;
        // Whoever comes from now on sees the trouble itself; the token is for those who came before it.
        _now = new Now(trouble, stuck, begins || trouble is not null ? before.Ends : new CancellationTokenSource());
        if (begins)
        {
            // Those who wait go on elsewhere, not in this thread.
            _ = before.Ends.CancelAsync();
        }

        return begins || trouble is null;
    }
}
