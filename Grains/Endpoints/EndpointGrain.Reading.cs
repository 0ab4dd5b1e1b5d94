using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

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
            if (message.Seq <= _engine.Live.ReadUpTo)
            {
                KeepTrace(message);
                continue;
            }

            if (!HasRoomFor(message.Payload?.Length ?? 0))
            {
                return false;
            }

            _engine.Live.Take(message);
        }

        _engine.Live.Advance(hint.UpTo);
        return true;
    }

    private bool HasRoomFor(int bytes) =>
        _engine.Live.Room > 0
        && (_engine.Live.WindowCount == 0
            || (_engine.Live.WindowBytes + bytes <= services.Options.WindowBytes && services.Windows.HasRoom));

    private void ReadOn()
    {
        if (!_reading && _retryStoreAt is null && _engine.Live.ReadUpTo < _knownTail && !IsPaused && !IsHeldLong && _engine.Live.Room > 0 && WindowRunsLow())
        {
            _reading = true;
            _ = ReadAsync();
        }
    }

    /// <summary>Whether nothing goes out for so long that messages are better off in the log than in memory.</summary>
    private bool IsHeldLong => _engine.HeldUntil(Now()) is { } next && next - Now() > services.Options.ReminderThreshold;

    /// <summary>Half a window at a time, so that a full queue does not ask the store for one message after the other.</summary>
    private bool WindowRunsLow()
    {
        if (_engine.Live.WindowCount == 0)
        {
            return true;
        }

        if (!services.Windows.HasRoom || _engine.Live.WindowBytes * 2 > services.Options.WindowBytes)
        {
            return false;
        }

        return _engine.Live.WindowCount * 2 <= WindowMessages || _engine.Live.IsStarved;
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
                    _engine.Live.ReadUpTo,
                    _knownTail,
                    services.Windows.HasRoom ? _engine.Live.Room : 1,
                    (int)Math.Max(1, services.Options.WindowBytes - _engine.Live.WindowBytes),
                    CancellationToken.None);
                if (_phase != Phase.Running)
                {
                    return;
                }

                // What was given up while the store was asked is not taken.
                foreach (var message in page.Messages.Where(message => message.Seq > _engine.Live.ReadUpTo))
                {
                    _engine.Live.Take(WithTrace(message));
                }

                _engine.Live.Advance(page.ScannedUpTo);
                StartAttempts();
            }
            while (_engine.Live.WindowCount == 0 && _engine.Live.Room > 0 && _engine.Live.ReadUpTo < _knownTail);
        }
        catch (StoreUnavailableException error)
        {
            Log.NotRead(services.Logger, error, Name);
            _retryStoreAt = Now() + StorePause;
        }
        catch (Exception error)
        {
            Break(error);
        }
        finally
        {
            _reading = false;
        }

        Pump();
    }

    private void LoadLanes()
    {
        foreach (var kind in (QueueKind[])[QueueKind.Live, QueueKind.Recovery])
        {
            if (!_loadingLane && _retryStoreAt is null && _engine[kind].TryGetLaneToLoad(out var lane))
            {
                _loadingLane = true;
                _ = LoadLaneAsync(kind, _engine[kind], lane);
            }
        }
    }

    private async Task LoadLaneAsync(QueueKind kind, DeliveryQueue queue, long lane)
    {
        try
        {
            // The store must know of everything that was parked or unparked before it is asked what comes next.
            await FlushAsync();
            var head = await services.Cursors.ReadLaneHeadAsync(_id, kind, lane, CancellationToken.None);
            if (_phase == Phase.Running && queue == _engine[kind])
            {
                queue.LaneLoaded(lane, head, Now());
            }
        }
        catch (StoreUnavailableException error)
        {
            Log.NotRead(services.Logger, error, Name);
            _retryStoreAt = Now() + StorePause;
        }
        catch (Exception error)
        {
            Break(error);
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
