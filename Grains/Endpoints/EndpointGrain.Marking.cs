using Webhooks.Grains.Deliveries;

namespace Webhooks.Grains.Endpoints;

/// <summary>What health and metrics are told: how long the oldest message has waited, and since when an attempt should have started.</summary>
internal sealed partial class EndpointGrain
{
    private EndpointMark? _mark;
    private int _sending;

    /// <summary>Reads, once an activation, how old the first entry is of which only the place is known.</summary>
    private async Task BeginMarkAsync(CancellationToken cancellationToken)
    {
        _mark = new EndpointMark(_configuration.ApplicationId, _configuration.Id);
        if (_engine.Live.FirstParked is { AcceptedAt: null } parked)
        {
            parked.AcceptedAt = (await services.Log.ReadMessageAsync(_application, parked.Seq, cancellationToken))?.AcceptedAt;
        }
        else if (IsPaused && _engine.Live.IsEmpty && _engine.Live.ReadUpTo < _knownTail)
        {
            // What waits for a paused endpoint is not read before it is resumed.
            var page = await services.Log.ReadPageAsync(_application, _configuration.Ordinal, _engine.Live.ReadUpTo, _knownTail, 1, 1, cancellationToken);
            if (page.Messages.Count == 0)
            {
                _engine.Live.Advance(page.ScannedUpTo);
            }
            else
            {
                _mark.Oldest = page.Messages[0].AcceptedAt;
            }
        }

        services.Marks.Enter(_mark);
    }

    private void EndMark()
    {
        if (_mark is not null)
        {
            services.Marks.Leave(_mark);
        }
    }

    private void Mark()
    {
        if (_mark is null)
        {
            return;
        }

        var live = _engine.Live;
        if (live.IsEmpty && live.ReadUpTo >= _knownTail)
        {
            _mark.Oldest = null;
        }
        else if (live.OldestAcceptedAt is { } oldest)
        {
            _mark.Oldest = oldest;
        }
        else
        {
            // In the log alone, or just about to be read: it is no older than what was the oldest before it.
            _mark.Oldest ??= Now();
        }

        _mark.Behind = _mark.Oldest is null ? 0 : Math.Max(1, _knownTail - live.Position + live.BlockedLanes);
        _mark.Due = FindDue();
    }

    /// <summary>Since when, or from when on, an attempt should start.</summary>
    private DateTimeOffset? FindDue()
    {
        // Failing endpoints share few places: that they wait for one is meant to be.
        if (_phase != Phase.Running || IsPaused || _sending > 0 || (_engine.Health.ConsecutiveFailures > 0 && _engine.InFlight > 0))
        {
            return null;
        }

        var now = Now();
        var waitsForTurn = _engine.InFlight > 0 || (_engine.HasNext(now) && _engine.HeldUntil(now) is null && _share.NextAt(now) is null);
        var waitsForLog = _engine.Live is { WindowCount: 0, Room: > 0 } live && live.ReadUpTo < _knownTail && _engine.HeldUntil(now) is null;
        return waitsForTurn || waitsForLog
            ? _mark!.Due is { } due && due < now ? due : now
            : NextWork();
    }
}
