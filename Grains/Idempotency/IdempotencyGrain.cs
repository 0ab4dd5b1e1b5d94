using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Sending;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Idempotency;

/// <summary>
/// Lets one call through at a time and keeps its answer. A call that never ends (its gateway died) is overtaken after a
/// while; what it may have created stands under the reserved id, which its successor uses too.
/// </summary>
[Reentrant]
[GrainType("idempotency")]
internal sealed partial class IdempotencyGrain(IAnswerStore store, StoreClock clock, IOptions<DeliveryOptions> options, ILogger<IdempotencyGrain> logger)
    : Grain, IIdempotencyGrain
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>A waiting call is sent back to its gateway, which asks again: no grain call lasts longer than this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private AnswerRow? _kept;
    private Guid _reserved;
    private Guid _released;
    private TaskCompletionSource? _running;
    private DateTimeOffset _since;

    public async Task<IdempotentCall> Begin()
    {
        var patience = clock.GetUtcNow() + Patience;
        while (true)
        {
            var now = clock.GetUtcNow();
            if (_kept is { } kept && kept.CreatedAt > now - options.Value.IdempotencyWindow)
            {
                return new IdempotentCall(kept.Reserved, kept.Status, kept.Body);
            }

            if (_running is { } running)
            {
                var left = Min(_since + Lease, patience) - now;
                if (left > TimeSpan.Zero)
                {
                    await running.Task.WaitAsync(left, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                }
                else if (now >= patience)
                {
                    throw new StoreUnavailableException("The first call with this idempotency key has not ended yet.");
                }
                else
                {
                    Log.Overtaken(logger, this.GetPrimaryKey());
                    End();
                }

                continue;
            }

            if (await ReserveAsync(now) is { } call)
            {
                return call;
            }
        }
    }

    public async Task Complete(Guid reserved, int status, byte[] body)
    {
        await store.CompleteAsync(this.GetPrimaryKey(), status, body, CancellationToken.None);
        _kept = new AnswerRow(this.GetPrimaryKey(), reserved, _since, status, body, false);
        End();
    }

    public Task Release(Guid reserved)
    {
        if (_running is not null && _reserved == reserved)
        {
            // The reservation stays: whether something was created under it may be unknown.
            _released = reserved;
            End();
        }

        return Task.CompletedTask;
    }

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private async Task<IdempotentCall?> ReserveAsync(DateTimeOffset now)
    {
        _running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _since = clock.GetStorableNow();
        try
        {
            var row = await store.ReserveAsync(this.GetPrimaryKey(), TimeOrderedId.Create(now), _since, now - options.Value.IdempotencyWindow, CancellationToken.None);
            _reserved = row.Reserved;
            if (row.Status is not null)
            {
                _kept = row;
                End();
                return null;
            }

            if (!row.IsNew && row.Reserved != _released && row.CreatedAt + Lease > now)
            {
                // Begun through another activation, and perhaps still under way.
                _since = row.CreatedAt;
                return null;
            }

            return new IdempotentCall(row.Reserved, null, null);
        }
        catch
        {
            End();
            throw;
        }
    }

    private void End()
    {
        _running?.TrySetResult();
        _running = null;
    }

    private static partial class Log
    {
        [LoggerMessage(1321, LogLevel.Information, "A call with the idempotency key {Key} did not end in time; its repeat goes ahead")]
        public static partial void Overtaken(ILogger logger, Guid key);
    }
}
