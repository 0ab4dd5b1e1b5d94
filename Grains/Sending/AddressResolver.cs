using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Webhooks.Grains.Sending;

/// <summary>
/// Resolves names with a bound on look-ups at a time, and one look-up for all that ask for the same name meanwhile: each
/// holds a thread until the name server answers, and a thousand endpoints of a dead domain must not hold a thousand.
/// Nothing is remembered beyond the answer.
/// </summary>
internal sealed class AddressResolver(int concurrentLookups)
{
    // A failure is a value here: the task of a look-up that nobody waits for any more must not end in an exception.
    private sealed record Lookup(IPAddress[] Addresses, SocketException? Failure);

    private readonly SemaphoreSlim _slots = new(concurrentLookups);
    private readonly ConcurrentDictionary<string, Lazy<Task<Lookup>>> _pending = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>At least one address, in the resolver's order of preference.</summary>
    /// <exception cref="NameNotResolvedException">There is none.</exception>
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        var pending = _pending.GetOrAdd(host, static (name, self) => new Lazy<Task<Lookup>>(() => self.LookUpAsync(name)), this);
        var (addresses, failure) = await pending.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        return addresses.Length > 0 ? addresses : throw new NameNotResolvedException(host, failure);
    }

    // Not cancelled by who asked first: others may wait for the same answer, and the system's resolver cannot be stopped anyway.
    private async Task<Lookup> LookUpAsync(string host)
    {
        await _slots.WaitAsync().ConfigureAwait(false);
        try
        {
            // A thread of its own: the system's resolver blocks for many seconds on a dead name server, and the framework
            // would let it block the pool that all grains run on.
            return await Task.Factory.StartNew(
                static name => Resolve((string)name!),
                host,
                CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _pending.TryRemove(host, out _);
            _slots.Release();
        }
    }

    private static Lookup Resolve(string host)
    {
        try
        {
            return new Lookup(Dns.GetHostAddresses(host), null);
        }
        catch (SocketException e)
        {
            return new Lookup([], e);
        }
        catch (ArgumentException)
        {
            // Longer than a name can be.
            return new Lookup([], null);
        }
    }
}
