using System.Threading.Channels;

namespace Webhooks.Gateway.Api.Cluster;

/// <summary>
/// Those who look at something of this process that changes. They are told that it has, not what: one that is slow misses
/// nothing but what was in between, and holds one word at most. Thread-safe.
/// </summary>
/// <param name="limit">Watchers at a time.</param>
internal sealed class Watchers(int limit)
{
    private readonly Lock _lock = new();
    private Channel<bool>[] _channels = [];

    public int Count => Volatile.Read(ref _channels).Length;

    /// <summary>One more, or null when there are too many. Whoever gets it disposes it.</summary>
    public Watch? TryEnter()
    {
        lock (_lock)
        {
            if (_channels.Length >= limit)
            {
                return null;
            }

            var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
            _channels = [.. _channels, channel];
            return new Watch(channel.Reader, () => Leave(channel));
        }
    }

    /// <summary>It has changed.</summary>
    public void Tell()
    {
        foreach (var channel in Volatile.Read(ref _channels))
        {
            channel.Writer.TryWrite(true);
        }
    }

    private void Leave(Channel<bool> channel)
    {
        lock (_lock)
        {
            _channels = [.. _channels.Where(other => other != channel)];
        }

        channel.Writer.TryComplete();
    }
}

/// <summary>The place of one watcher.</summary>
internal sealed class Watch(ChannelReader<bool> reader, Action leave) : IDisposable
{
    private Action? _leave = leave;

    /// <summary>An item after each change, several changes at once being one; ends when the watch is disposed.</summary>
    public IAsyncEnumerable<bool> ChangesAsync(CancellationToken cancellationToken = default) => reader.ReadAllAsync(cancellationToken);

    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
