using Webhooks.Grains.Applications;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Endpoints;

/// <summary>
/// Sending once more because somebody asked: at once, beside the order, one attempt each. What was asked for is in the
/// store before the caller is told so; it leaves it together with its attempt.
/// </summary>
internal sealed partial class EndpointGrain
{
    private const int ResendsAtOnce = 4;

    // By place in the log: what was asked for and is not tried yet.
    private readonly HashSet<long> _resends = [];
    private readonly Queue<long> _resendQueue = new();
    private List<long> _asked = [];
    private List<long> _answered = [];
    private int _resendsInFlight;

    public async Task<Answer<Done>> Resend(string message)
    {
        EnsureRunning();
        if (await services.Reads.FindMessageAsync(_application, message, withContent: false, CancellationToken.None) is not { Seq: > 0 } stored)
        {
            return Refusals.NotFound;
        }

        if (stored.PayloadGone || stored.ExpiresAt <= Now())
        {
            return Refusals.PayloadGone;
        }

        if (IsPaused)
        {
            return Done.Instance;
        }

        if (_resends.Count >= services.Options.PendingResends)
        {
            return Refusals.TooManyResends;
        }

        await AskAsync(stored.Seq);
        return Done.Instance;
    }

    /// <summary>Ends when it is in the store.</summary>
    private async Task AskAsync(long seq)
    {
        EnsureRunning();
        if (_answered.Count > 0)
        {
            // The same entry asked for again: its row must be gone before it is written anew.
            await FlushAsync();
        }

        var isNew = _resends.Add(seq);
        if (isNew)
        {
            _asked.Add(seq);
        }

        await FlushAsync();
        EnsureRunning();
        if (isNew)
        {
            _resendQueue.Enqueue(seq);
            Pump();
        }
    }

    private void LoadResends(IReadOnlyList<long> seqs)
    {
        foreach (var seq in seqs)
        {
            if (_resends.Add(seq))
            {
                _resendQueue.Enqueue(seq);
            }
        }
    }

    private void StartResends()
    {
        while (_resendsInFlight < ResendsAtOnce && _resendQueue.Count > 0 && MayStart())
        {
            _resendsInFlight++;
            var attempt = ResendAsync(_resendQueue.Dequeue());
            _attempts.Add(attempt);
            _ = ForgetAsync(attempt);
        }
    }

    private async Task ResendAsync(long seq)
    {
        try
        {
            var message = await services.Log.ReadMessageAsync(_application, seq, CancellationToken.None);
            if (message?.Payload is not null)
            {
                var slot = await services.Slots.EnterAsync(_engine.Health.ConsecutiveFailures > 0, CancellationToken.None);
                try
                {
                    if (_phase != Phase.Running || IsPaused || !services.Gate.Open || !await SendOnceAsync(message))
                    {
                        _resendQueue.Enqueue(seq);
                        return;
                    }
                }
                finally
                {
                    slot.Release();
                }
            }

            _answered.Add(seq);
            _resends.Remove(seq);
        }
        catch (StoreUnavailableException error)
        {
            Log.NotRead(services.Logger, error, Name);
            _resendQueue.Enqueue(seq);
            _retryStoreAt = Now() + StorePause;
        }
        finally
        {
            _resendsInFlight--;
        }
    }

    /// <summary>False when the attempt was broken off from this side.</summary>
    private async Task<bool> SendOnceAsync(LogMessage message)
    {
        var startedAt = Now();
        var sent = await SendAsync(message, startedAt, null);
        if (sent.Result.Outcome == AttemptOutcome.Cancelled)
        {
            return false;
        }

        _engine.EndBeside(message.Seq, sent.Result.Outcome == AttemptOutcome.Success, Now());
        Finish(MakeRow(message, startedAt, sent, AttemptTrigger.Manual, null));
        return true;
    }

    private void EnsureRunning()
    {
        if (_phase != Phase.Running)
        {
            throw new StoreUnavailableException("The endpoint is being taken over.");
        }
    }
}
