using Webhooks.Gateway.Api.Cluster;

namespace Webhooks.Gateway.Api.Inbox;

/// <summary>An endpoint whose URL is the inbox.</summary>
/// <param name="ApplicationId">Text id of its application.</param>
/// <param name="EndpointId">Its text id.</param>
public sealed record InboxEndpoint(string ApplicationId, string EndpointId);

/// <summary>What an inbox holds at one moment.</summary>
/// <param name="Requests">What has arrived, the newest first.</param>
/// <param name="Total">How many have arrived, those that are kept no more included.</param>
/// <param name="Answer">How the next one is answered.</param>
/// <param name="Endpoints">Endpoints that are known to send here.</param>
internal sealed record InboxContents(IReadOnlyList<InboxRequest> Requests, long Total, InboxAnswer Answer, IReadOnlyList<InboxEndpoint> Endpoints);

/// <summary>One inbox: the last requests that it got, and how it answers. Thread-safe.</summary>
internal sealed class InboxState(string id, InboxOptions options)
{
    /// <summary>Endpoints whose keys are tried; the one that was seen least lately is forgotten beyond it.</summary>
    private const int MostEndpoints = 8;

    private readonly Lock _lock = new();
    private readonly LinkedList<InboxRequest> _requests = [];
    private List<InboxEndpoint> _endpoints = [];
    private InboxAnswer _answer = InboxAnswer.Well;
    private long _bytes;
    private long _total;
    private int _inFlight;

    public string Id => id;

    /// <summary>Told of every change.</summary>
    public Watchers Watchers { get; } = new(options.MaxWatchers);

    /// <summary>A place for one more request to be answered; whoever gets it gives it back.</summary>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _inFlight) <= options.MaxInFlight)
        {
            return true;
        }

        End();
        return false;
    }

    public void End() => Interlocked.Decrement(ref _inFlight);

    public InboxContents Look()
    {
        lock (_lock)
        {
            return new InboxContents([.. _requests], _total, _answer, _endpoints);
        }
    }

    /// <summary>How the request at hand is answered; one of those that were told of is used up.</summary>
    public InboxAnswer TakeAnswer()
    {
        lock (_lock)
        {
            var taken = _answer;
            if (taken.Times is { } times)
            {
                _answer = times > 1 ? taken with { Times = times - 1 } : InboxAnswer.Well;
            }

            return taken;
        }
    }

    public void Tell(InboxAnswer answer)
    {
        lock (_lock)
        {
            _answer = answer;
        }

        Watchers.Tell();
    }

    /// <summary>Keeps a request; the oldest go where there is no room.</summary>
    public void Add(InboxRequest request)
    {
        lock (_lock)
        {
            _requests.AddFirst(request with { Number = ++_total });
            _bytes += request.Size;
            while (_requests.Count > 1 && (_requests.Count > options.MaxRequests || _bytes > options.MaxBytes))
            {
                _bytes -= _requests.Last!.Value.Size;
                _requests.RemoveLast();
            }
        }

        Watchers.Tell();
    }

    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
            _bytes = 0;
        }

        Watchers.Tell();
    }

    /// <summary>This endpoint sends here.</summary>
    public void Know(InboxEndpoint endpoint)
    {
        lock (_lock)
        {
            if (_endpoints is [var first, ..] && first == endpoint)
            {
                return;
            }

            _endpoints = [endpoint, .. _endpoints.Where(other => other != endpoint).Take(MostEndpoints - 1)];
        }

        Watchers.Tell();
    }

    /// <summary>This one does not any more.</summary>
    public void Forget(InboxEndpoint endpoint)
    {
        lock (_lock)
        {
            _endpoints = [.. _endpoints.Where(other => other != endpoint)];
        }

        Watchers.Tell();
    }
}
