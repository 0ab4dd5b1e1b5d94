using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Endpoints;

/// <summary>Taking messages in: from hints while it keeps up, from the log when it does not.</summary>
internal sealed partial class EndpointGrain
{
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    private bool _reading;
    private long _windowBytes;

    /// <summary>Takes a whole stretch that begins where the log was read up to; false when the window is full before its end.</summary>
    private bool TakeAll(DeliveryHint hint)
    {
        foreach (var message in hint.Messages)
        {
            if (message.Seq <= _queue.ReadUpTo)
            {
                continue;
            }

            if (!HasRoomFor(message.Payload?.Length ?? 0))
            {
                return false;
            }

            _queue.Take(message);
        }

        _queue.Advance(hint.UpTo);
        return true;
    }

    private bool HasRoomFor(int bytes) =>
        _queue.Room > 0
        && (_queue.WindowCount == 0
            || (_queue.WindowBytes + bytes <= services.Options.WindowBytes && services.Windows.HasRoom));

    private void ReadOn()
    {
        if (!_reading && _retryStoreAt is null && _queue.ReadUpTo < _knownTail && !IsPaused && !IsHeldLong && _queue.Room > 0 && WindowRunsLow())
        {
            _reading = true;
            _ = ReadAsync();
        }
    }

    /// <summary>Whether nothing goes out for so long that messages are better off in the log than in memory.</summary>
    private bool IsHeldLong => _governor.NextStart(Now()) is { } next && next - Now() > services.Options.ReminderThreshold;

    /// <summary>Half a window at a time, so that a full queue does not ask the store for one message after the other.</summary>
    private bool WindowRunsLow()
    {
        if (_queue.WindowCount == 0)
        {
            return true;
        }

        if (!services.Windows.HasRoom || _queue.WindowBytes * 2 > services.Options.WindowBytes)
        {
            return false;
        }

        return _queue.WindowCount * 2 <= services.Options.WindowMessages || _queue.IsStarved;
    }

    private async Task ReadAsync()
    {
        try
        {
            do
            {
                var page = await services.Log.ReadPageAsync(
                    _application,
                    _configuration.Ordinal,
                    _queue.ReadUpTo,
                    _knownTail,
                    services.Windows.HasRoom ? _queue.Room : 1,
                    (int)Math.Max(1, services.Options.WindowBytes - _queue.WindowBytes),
                    CancellationToken.None);
                if (_phase != Phase.Running)
                {
                    return;
                }

                foreach (var message in page.Messages)
                {
                    _queue.Take(message);
                }

                _queue.Advance(page.ScannedUpTo);
                StartAttempts();
            }
            while (_queue.WindowCount == 0 && _queue.Room > 0 && _queue.ReadUpTo < _knownTail);
        }
        catch (StoreUnavailableException error)
        {
            Log.NotRead(services.Logger, error, _id);
            _retryStoreAt = Now() + StorePause;
        }
        finally
        {
            _reading = false;
        }

        Pump();
    }

    private void LoadLanes()
    {
        if (!_loadingLane && _retryStoreAt is null && _queue.TryGetLaneToLoad(out var lane))
        {
            _loadingLane = true;
            _ = LoadLaneAsync(lane);
        }
    }

    private async Task LoadLaneAsync(long lane)
    {
        try
        {
            // The store must know of everything that was parked or unparked before it is asked what comes next.
            await FlushAsync();
            var head = await services.Cursors.ReadLaneHeadAsync(_id, lane, CancellationToken.None);
            if (_phase == Phase.Running)
            {
                _queue.LaneLoaded(lane, head, Now());
            }
        }
        catch (StoreUnavailableException error)
        {
            Log.NotRead(services.Logger, error, _id);
            _retryStoreAt = Now() + StorePause;
        }
        finally
        {
            _loadingLane = false;
        }

        Pump();
    }

    private void SetWindowBytes(long bytes)
    {
        if (bytes != _windowBytes)
        {
            services.Windows.Change(bytes - _windowBytes);
            _windowBytes = bytes;
        }
    }

    private bool _loadingLane;
}
