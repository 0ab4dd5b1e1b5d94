using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Retries;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Signing;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Endpoints;

/// <summary>Attempts: starting them while the store answers, and what comes of them.</summary>
internal sealed partial class EndpointGrain
{
    private const int Gone = 410;
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
        while (MayStart() && Now() is var now && _queue.HasNext(now) && _governor.TryStart(now, _queue.InFlight) && _queue.TryNext(now, out var entry))
        {
            var attempt = AttemptAsync(entry);
            if (!attempt.IsCompletedSuccessfully)
            {
                _attempts.Add(attempt);
                _ = ForgetAsync(attempt);
            }
        }
    }

    private async Task ForgetAsync(Task attempt)
    {
        await attempt.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _attempts.Remove(attempt);
        if (attempt.Exception is { } error)
        {
            // A fault of this program: this activation no longer knows its queue, the store does.
            Log.Broke(services.Logger, error, _id);
            StandDown();
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

    private async Task AttemptAsync(QueueEntry entry)
    {
        LogMessage? message;
        try
        {
            message = entry.Message ?? await services.Log.ReadMessageAsync(_application, entry.Seq, CancellationToken.None);
        }
        catch (StoreUnavailableException error)
        {
            Log.NotRead(services.Logger, error, _id);
            _queue.PutBack(entry, Now() + StorePause);
            _retryStoreAt = Now() + StorePause;
            return;
        }

        if (message?.Payload is null)
        {
            _queue.GiveUp(entry, "payload_gone", Now());
            return;
        }

        var slot = await services.Slots.EnterAsync(_governor.Health.ConsecutiveFailures > 0, CancellationToken.None);
        try
        {
            if (_phase != Phase.Running || IsPaused || !services.Gate.Open)
            {
                _queue.PutBack(entry, Now());
                return;
            }

            var startedAt = Now();
            var result = await services.Sender.SendAsync(MakeRequest(message, startedAt), _abort.Token);
            if (result.Outcome == AttemptOutcome.Cancelled)
            {
                _queue.PutBack(entry, Now());
                return;
            }

            Complete(entry, message, startedAt, result);
        }
        finally
        {
            slot.Release();
        }
    }

    private DeliveryRequest MakeRequest(LogMessage message, DateTimeOffset startedAt)
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
        };
    }

    private void Complete(QueueEntry entry, LogMessage message, DateTimeOffset startedAt, AttemptResult result)
    {
        var now = Now();
        var attempts = entry.Attempts + 1;
        DateTimeOffset? next = null;
        if (result.Outcome == AttemptOutcome.Success)
        {
            _governor.Succeeded(now);
            _queue.Succeed(entry);
        }
        else
        {
            var asked = RetryAfter.Parse(result.RetryAfter, now);
            var decision = _schedule.Decide(attempts, message.AcceptedAt, now, RequestTimeout, Random.Shared, asked);
            next = result.Wish == ReceiverWish.AbortMessage ? null : (decision as RetryDecision.RetryAt)?.Due;
            // What a receiver asks for, it asks for all that is sent to it.
            _governor.Failed(startedAt, now, IsOverload(result.StatusCode), asked is null ? null : next, _schedule, Random.Shared);
            if (next is { } due)
            {
                _queue.Retry(entry, due, now);
            }
            else
            {
                _queue.GiveUp(entry, ReasonOf(result, decision), now);
            }

            Judge(result, now);
        }

        var row = MakeRow(message, startedAt, result, AttemptTrigger.Scheduled, next);
        Finish(row);
        Tell(row, attempts);
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
            Log.NotTold(services.Logger, error, _id);
        }

        _telling--;
    }

    private AttemptRow MakeRow(LogMessage message, DateTimeOffset startedAt, AttemptResult result, AttemptTrigger trigger, DateTimeOffset? next) => new(
        TimeOrderedId.Create(startedAt),
        message.Seq,
        message.Id,
        startedAt,
        result.Outcome == AttemptOutcome.Success ? AttemptStatus.Success : AttemptStatus.Fail,
        result.StatusCode,
        (int)result.Duration.TotalMilliseconds,
        trigger,
        _configuration.Url,
        result.Response,
        next);

    private void Finish(AttemptRow row)
    {
        _finished.Add(row);
        if (_uncommitted++ == 0)
        {
            _oldestUncommitted = services.Clock.GetTimestamp();
        }
    }

    private static bool IsOverload(int status) => status is 429 or 502 or 503 or 504;

    private static string ReasonOf(AttemptResult result, RetryDecision decision) =>
        result.Wish == ReceiverWish.AbortMessage ? "aborted"
        : decision is RetryDecision.GiveUp { Reason: GiveUpReason.DeadlinePassed } ? "deadline"
        : "exhausted";

    /// <summary>Whether the endpoint is to be disabled, after an attempt that failed.</summary>
    private void Judge(AttemptResult result, DateTimeOffset now)
    {
        var limit = services.Options.DisableAfter;
        var reason = result.StatusCode == Gone ? "gone"
            : result.Wish == ReceiverWish.Disable ? "asked"
            : limit > TimeSpan.Zero && now - _governor.Health.FailingSince >= limit ? "failing"
            : null;
        if (reason is not null && !IsPaused)
        {
            _governor.Disable(reason);
            _ = DisableAsync();
        }
    }

    private TimeSpan RequestTimeout => TimeSpan.FromSeconds(services.Options.RequestTimeoutSeconds);

    private RetrySchedule MakeSchedule(EndpointDetails configuration) => new(
        configuration.RetrySchedule ?? [.. services.Options.RetrySchedule ?? DeliveryOptions.DefaultRetrySchedule.ToArray()],
        services.Options.RetryJitter);
}
