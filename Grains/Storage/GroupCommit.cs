namespace Webhooks.Grains.Storage;

/// <summary>
/// Gathers items while the previous commit is in flight and commits them together. What the store refuses for its
/// content is split until the guilty item stands alone; a store that gives no answer fails the whole group.
/// </summary>
/// <param name="commit">Commits a group; its results are in the order of the items.</param>
/// <param name="keyOf">Items of one key never stand in the same group.</param>
/// <param name="maxItems">Items in one commit at most.</param>
/// <param name="maxBytes">Weight of one commit at most; a single heavier item goes alone.</param>
/// <param name="weigh">The weight of an item.</param>
/// <param name="linger">How long a group waits for company; zero commits at once.</param>
/// <param name="parallelism">Commits in flight at once.</param>
internal sealed class GroupCommit<TItem, TResult>(
    Func<IReadOnlyList<TItem>, CancellationToken, Task<IReadOnlyList<TResult>>> commit,
    Func<TItem, Guid> keyOf,
    int maxItems,
    long maxBytes,
    Func<TItem, long> weigh,
    TimeSpan linger = default,
    int parallelism = 1)
{
    private sealed record Waiting(TItem Item, TaskCompletionSource<TResult> Done);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _queue = new();
    private readonly HashSet<Guid> _busyKeys = [];
    private int _running;

    /// <summary>The item's result, once its group is committed.</summary>
    public Task<TResult> AddAsync(TItem item)
    {
        var waiting = new Waiting(item, new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _queue.AddLast(waiting);
            if (_running >= parallelism)
            {
                return waiting.Done.Task;
            }

            _running++;
        }

        // Without the context of the caller, who is only the first of many.
        ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.DrainAsync(), this, preferLocal: false);
        return waiting.Done.Task;
    }

    private async Task DrainAsync()
    {
        while (true)
        {
            if (linger > TimeSpan.Zero)
            {
                await Task.Delay(linger).ConfigureAwait(false);
            }

            List<Waiting> group;
            lock (_lock)
            {
                group = TakeGroup();
                if (group.Count == 0)
                {
                    _running--;
                    return;
                }
            }

            await CommitAsync(group).ConfigureAwait(false);
            lock (_lock)
            {
                foreach (var waiting in group)
                {
                    _busyKeys.Remove(keyOf(waiting.Item));
                }
            }
        }
    }

    private List<Waiting> TakeGroup()
    {
        var group = new List<Waiting>(Math.Min(_queue.Count, maxItems));
        long bytes = 0;
        for (var node = _queue.First; node is not null && group.Count < maxItems;)
        {
            var next = node.Next;
            var weight = weigh(node.Value.Item);
            if (group.Count > 0 && bytes + weight > maxBytes)
            {
                break;
            }

            if (_busyKeys.Add(keyOf(node.Value.Item)))
            {
                bytes += weight;
                group.Add(node.Value);
                _queue.Remove(node);
            }

            node = next;
        }

        return group;
    }

    private async Task CommitAsync(List<Waiting> group)
    {
        try
        {
            var results = await commit(group.ConvertAll(static w => w.Item), CancellationToken.None).ConfigureAwait(false);
            for (var i = 0; i < group.Count; i++)
            {
                group[i].Done.TrySetResult(results[i]);
            }
        }
        catch (StoreContentException) when (group.Count > 1)
        {
            var half = group.Count / 2;
            await CommitAsync(group[..half]).ConfigureAwait(false);
            await CommitAsync(group[half..]).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // Each waiter gets the fault and decides: a publish settles its outcome, an outcome is repeated.
            foreach (var waiting in group)
            {
                waiting.Done.TrySetException(error);
            }
        }
    }
}
