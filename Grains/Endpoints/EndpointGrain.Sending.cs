using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Interfaces;
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
    private const string DefaultContentType = "application/json";

    private readonly HashSet<Task> _attempts = [];
    private RetrySchedule _schedule = null!;
    private bool _waitingForGate;

    private void StartAttempts()
    {
        while (MayStart() && _queue.TryNext(Now(), out var entry))
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
        if (_phase != Phase.Running || _configuration.Disabled || _uncommitted >= services.Options.UncommittedOutcomes
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

        var slot = await services.Slots.EnterAsync(_health.ConsecutiveFailures > 0, CancellationToken.None);
        try
        {
            if (_phase != Phase.Running || _configuration.Disabled || !services.Gate.Open)
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
        var succeeded = result.Outcome == AttemptOutcome.Success;
        DateTimeOffset? next = null;
        if (succeeded)
        {
            _health = EndpointHealth.Fresh;
            _queue.Succeed(entry);
        }
        else
        {
            var now = Now();
            var decision = _schedule.Decide(entry.Attempts + 1, message.AcceptedAt, now, RequestTimeout, Random.Shared, RetryAfter.Parse(result.RetryAfter, now));
            next = (decision as RetryDecision.RetryAt)?.Due;
            _health = _health with
            {
                FailingSince = _health.FailingSince ?? startedAt,
                ConsecutiveFailures = _health.ConsecutiveFailures + 1,
                NextAttemptAt = next,
            };
            if (next is { } due)
            {
                _queue.Retry(entry, due, now);
            }
            else
            {
                _queue.GiveUp(entry, decision is RetryDecision.GiveUp { Reason: GiveUpReason.DeadlinePassed } ? "deadline" : "exhausted", now);
            }
        }

        Finish(MakeRow(message, startedAt, result, AttemptTrigger.Scheduled, next));
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

    private TimeSpan RequestTimeout => TimeSpan.FromSeconds(services.Options.RequestTimeoutSeconds);

    private RetrySchedule MakeSchedule(EndpointDetails configuration) => new(
        configuration.RetrySchedule ?? [.. services.Options.RetrySchedule ?? DeliveryOptions.DefaultRetrySchedule.ToArray()],
        services.Options.RetryJitter);
}
