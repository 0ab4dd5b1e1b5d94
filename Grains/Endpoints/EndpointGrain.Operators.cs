using Webhooks.Grains.Applications;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Endpoints;

/// <summary>What operators, and limits, do to a queue: give up a stretch of it, or one message.</summary>
internal sealed partial class EndpointGrain
{
    private const string Skipped = "skipped";

    public async Task<Answer<GivenUp>> GiveUp(long upTo, string reason)
    {
        EnsureRunning();
        _knownTail = Math.Max(_knownTail, upTo);
        var clean = _engine.Live.GiveUpThrough(upTo, reason, Now());
        await FlushAsync();
        EnsureRunning();
        Pump();
        return new GivenUp(upTo, null, !clean);
    }

    public async Task<Answer<GivenUp>> Skip(string? message)
    {
        EnsureRunning();
        // What has left memory is then in the store, where the rest of the queue is looked for.
        await FlushAsync();
        EnsureRunning();
        if (await (message is null ? FindHeadAsync() : FindWaitingAsync(message)) is not { } seq
            || await services.Log.ReadMessageAsync(_application, seq, CancellationToken.None) is not { } entry)
        {
            return Refusals.NotFound;
        }

        EnsureRunning();
        var clean = _engine.Live.Skip(seq, Skipped, Now());
        await FlushAsync();
        EnsureRunning();
        Pump();
        return new GivenUp(seq, EntityId.Format(EntityId.Message, entry.Id), !clean);
    }

    public Task Throttle(int? applicationRate)
    {
        _toldRate = new ToldRate(applicationRate);
        if (_share is not null)
        {
            _share.Rate = applicationRate;
            Pump();
        }

        return Task.CompletedTask;
    }

    private async Task<long?> FindHeadAsync()
    {
        var parked = (await services.Cursors.ReadLaneHeadsAsync(_id, QueueKind.Live, 1, CancellationToken.None)).FirstOrDefault();
        var known = _engine.Live.First;
        if (parked is not null || known is not null)
        {
            return Math.Min(parked?.Seq ?? long.MaxValue, known?.Seq ?? long.MaxValue);
        }

        var after = _engine.Live.ReadUpTo;
        while (after < _knownTail)
        {
            var page = await services.Log.ReadPageAsync(_application, _configuration.Ordinal, after, _knownTail, 1, 1, CancellationToken.None);
            if (page.Messages.Count > 0)
            {
                return page.Messages[0].Seq;
            }

            after = page.ScannedUpTo;
        }

        return null;
    }

    private async Task<long?> FindWaitingAsync(string message)
    {
        if (await services.Reads.FindMessageAsync(_application, message, withContent: false, CancellationToken.None) is not { Seq: > 0 } stored)
        {
            return null;
        }

        if (_engine.Live.Find(stored.Seq) is not null)
        {
            return stored.Seq;
        }

        return await services.Reads.ReadStateAsync(_application, _id, _configuration.Ordinal, stored.Seq, CancellationToken.None) is { DeadReason: null } state
            && (state.Parked?.Kind is ParkedKind.Retry or ParkedKind.Behind || (state.IsRecipient && stored.Seq > _engine.Live.ReadUpTo))
            ? stored.Seq
            : null;
    }

    /// <summary>The application's rate as it was told: newer than what a read under way may bring.</summary>
    private sealed record ToldRate(int? PerSecond);
}
