using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Retries;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Signing;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Endpoints;

/// <summary>Attempts: starting them while the store answers, and what comes of them.</summary>
internal sealed partial class EndpointGrain
{
    private const int FailingAfter = 4;
    private const int MostTelling = 256;
    private const string DefaultContentType = "application/json";

    private readonly HashSet<Task> _attempts = [];
    private RetrySchedule _schedule = null!;
    private bool _waitingForGate;
    private Task _told = Task.CompletedTask;
    private int _telling;

    private void StartAttempts()
    {
        // The application's rate is asked last: what it gives is lost when the endpoint itself may not start.
        while (MayStart() && Now() is var now && _engine.HasNext(now) && _engine.HeldUntil(now) is null
            && _share.MayTake(now, _engine.CountReady(now)) && _engine.TryStart(now, out var start))
        {
            _share.TryTake(now);
            var attempt = AttemptAsync(start);
            _attempts.Add(attempt);
            _ = ForgetAsync(attempt);
        }
    }

    private async Task ForgetAsync(Task attempt)
    {
        // Never in place: an attempt may end while it is being started (the answer of a near receiver is there before it is
        // waited for), and what it made room for is read from the log by the pump that follows it.
        await attempt.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.ForceYielding);
        _attempts.Remove(attempt);
        if (attempt.Exception is { } error)
        {
            Break(error);
            return;
        }

        Pump();
    }

    /// <summary>No answer from the store, no sending: what would be sent now might be repeated without bound by a successor.</summary>
    private bool MayStart()
    {
        if (_phase != Phase.Running || IsPaused || _uncommitted >= services.Options.UncommittedOutcomes
            || (_uncommitted > 0 && services.Clock.GetElapsedTime(_oldestUncommitted) > TimeSpan.FromSeconds(services.Options.UncommittedSeconds)))
        {
            return false;
        }

        if (!services.Gate.Open)
        {
            if (!_waitingForGate)
            {
                _waitingForGate = true;
                _ = WaitForGateAsync();
            }

            return false;
        }

        return true;
    }

    private async Task WaitForGateAsync()
    {
        try
        {
            await services.Gate.WaitOpenAsync(_abort.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            _waitingForGate = false;
        }

        Pump();
    }

    private async Task AttemptAsync(EngineStart start)
    {
        var (kind, entry) = start;
        var queue = _engine[kind];
        LogMessage? message;
        try
        {
            message = entry.Message ?? await services.Log.ReadMessageAsync(_application, entry.Seq, CancellationToken.None);
        }
        catch (StoreUnavailableException error)
        {
            Log.NotRead(services.Logger, error, Name);
            queue.PutBack(entry, Now() + StorePause);
            _retryStoreAt = Now() + StorePause;
            return;
        }

        entry.AcceptedAt ??= message?.AcceptedAt;
        if (message?.Payload is null)
        {
            if (kind == QueueKind.Live)
            {
                queue.GiveUp(entry, "payload_gone", Now());
            }
            else
            {
                queue.Drop(entry);
            }

            return;
        }

        var slot = await services.Slots.EnterAsync(_engine.Health.ConsecutiveFailures > 0, CancellationToken.None);
        try
        {
            if (_phase != Phase.Running || IsPaused || !services.Gate.Open || entry.IsDelivered)
            {
                queue.PutBack(entry, Now());
                return;
            }

            var startedAt = Now();
            if (kind == QueueKind.Live && entry.Attempts == 0)
            {
                services.Metrics.FirstAttempt(startedAt - message.AcceptedAt);
            }

            var sent = await SendAsync(message, startedAt, entry.TraceParent);
            if (sent.Result.Outcome == AttemptOutcome.Cancelled)
            {
                queue.PutBack(entry, Now());
                return;
            }

            Complete(start, message, startedAt, sent);
        }
        finally
        {
            slot.Release();
        }
    }

    private async Task<Sent> SendAsync(LogMessage message, DateTimeOffset startedAt, string? publish)
    {
        var id = TimeOrderedId.Create(startedAt);
        _sending++;
        Mark();
        using var span = AttemptSpan.Start(publish, _configuration, _url, message.Id, id);
        try
        {
            var result = await services.Sender.SendAsync(MakeRequest(message, startedAt, span?.Id), _abort.Token);
            services.Metrics.Attempted(result);
            AttemptSpan.End(span, result);
            return new Sent(id, result, span?.Id);
        }
        finally
        {
            _sending--;
        }
    }

    private DeliveryRequest MakeRequest(LogMessage message, DateTimeOffset startedAt, string? span)
    {
        var keys = new List<SigningKey>(1);
        foreach (var secret in _configuration.Secrets)
        {
            if (secret.ExpiresAt is null || secret.ExpiresAt > startedAt)
            {
                keys.Add(_keys[secret.Key]);
            }
        }

        return new DeliveryRequest
        {
            MessageId = EntityId.Format(EntityId.Message, message.Id),
            Url = _url,
            Body = message.Payload!,
            ContentType = message.ContentType ?? DefaultContentType,
            Keys = keys,
            Headers = _configuration.Headers,
            StartedAt = startedAt,
            Timeout = RequestTimeout,
            TraceParent = services.Telemetry.ForwardTraceparent ? span : null,
        };
    }

    private void Complete(EngineStart start, LogMessage message, DateTimeOffset startedAt, Sent sent)
    {
        var result = sent.Result;
        if (start is { Queue: QueueKind.Recovery, Entry.Attempts: 0 })
        {
            _recoverySent++;
        }

        var end = new AttemptEnd(result.Outcome == AttemptOutcome.Success, result.StatusCode, result.RetryAfter, result.Wish);
        var ending = _engine.End(start, end, message.AcceptedAt, startedAt, Now(), Random.Shared);
        if (ending.Disable is { } reason && !IsPaused)
        {
            _engine.Disable(reason);
            _ = DisableAsync();
        }

        var row = MakeRow(message, startedAt, sent, start.Queue == QueueKind.Live ? AttemptTrigger.Scheduled : AttemptTrigger.Manual, ending.Next);
        Finish(row);
        Tell(row, ending.Attempts);
    }

    /// <summary>Operators may want to know: the fourth failure, the last one, and a success after that.</summary>
    private void Tell(AttemptRow row, int attempts)
    {
        AttemptNews? news = row.Status == AttemptStatus.Success
            ? attempts > FailingAfter ? AttemptNews.Recovered : null
            : row.NextAttemptAt is null ? AttemptNews.Exhausted
            : attempts == FailingAfter ? AttemptNews.Failing : null;
        if (news is { } what)
        {
            var announcement = new AttemptAnnouncement(
                what,
                _configuration.Id,
                EntityId.Format(EntityId.Message, row.Message),
                EntityId.Format(EntityId.Attempt, row.Id),
                row.StatusCode,
                row.StartedAt);
            if (_telling < MostTelling)
            {
                _telling++;
                _told = TellAfterAsync(_told, announcement);
            }
        }
    }

    /// <summary>One call after the other, since calls that are not awaited overtake each other.</summary>
    private async Task TellAfterAsync(Task earlier, AttemptAnnouncement announcement)
    {
        await earlier;
        try
        {
            await GrainFactory.GetGrain<IApplicationGrain>(_configuration.ApplicationId).AnnounceAttempt(announcement);
        }
        catch (Exception error) when (error is TimeoutException or Orleans.Runtime.OrleansException or StoreUnavailableException)
        {
            Log.NotTold(services.Logger, error, announcement.MessageId, Name);
        }

        _telling--;
    }

    private AttemptRow MakeRow(LogMessage message, DateTimeOffset startedAt, Sent sent, AttemptTrigger trigger, DateTimeOffset? next) => new(
        sent.Id,
        message.Seq,
        message.Id,
        startedAt,
        sent.Result.Outcome == AttemptOutcome.Success ? AttemptStatus.Success : AttemptStatus.Fail,
        sent.Result.StatusCode,
        (int)sent.Result.Duration.TotalMilliseconds,
        trigger,
        _configuration.Url,
        PackedAnswer.Pack(sent.Result.Response),
        next)
    {
        TraceParent = sent.TraceParent,
    };

    private void Finish(AttemptRow row)
    {
        _finished.Add(row);
        if (_uncommitted++ == 0)
        {
            _oldestUncommitted = services.Clock.GetTimestamp();
        }
    }

    /// <summary>An attempt that was made.</summary>
    /// <param name="TraceParent">Its span; null when it is not traced.</param>
    private readonly record struct Sent(Guid Id, AttemptResult Result, string? TraceParent);

    private TimeSpan RequestTimeout => TimeSpan.FromSeconds(services.Options.RequestTimeoutSeconds);

    private RetrySchedule MakeSchedule(EndpointDetails configuration) => new(
        configuration.RetrySchedule ?? [.. services.Options.RetrySchedule ?? DeliveryOptions.DefaultRetrySchedule.ToArray()],
        services.Options.RetryJitter);
}
