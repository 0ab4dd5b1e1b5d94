using Microsoft.Extensions.Options;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Retention;
using Webhooks.Grains.Sending;

namespace Webhooks.Grains.Storage;

/// <summary>Removes what has had its time: payloads with a retention of their own, answers to calls with an idempotency key, tasks that have ended.</summary>
internal sealed class StoreCleaner(
    IMessageLog log,
    IAnswerStore answers,
    IRecoveryStore recoveries,
    StoreClock clock,
    IOptions<DeliveryOptions> options,
    IOptions<RetentionOptions> retention)
{
    private const int AtOnce = 1000;
    private const int Rounds = 100;

    /// <summary>Removes in small commits, so that nothing else waits long; what is left over waits for the next call.</summary>
    public async Task CleanAsync()
    {
        var now = clock.GetUtcNow();
        await RepeatAsync(() => log.RemoveExpiredAsync(now, AtOnce, CancellationToken.None));
        await RepeatAsync(() => answers.RemoveAsync(now - options.Value.IdempotencyWindow, AtOnce, CancellationToken.None));
        if (retention.Value.TaskDays > 0)
        {
            await RepeatAsync(() => recoveries.RemoveAsync(now.AddDays(-retention.Value.TaskDays), AtOnce, CancellationToken.None));
        }
    }

    private static async Task RepeatAsync(Func<Task<int>> remove)
    {
        for (var round = 0; round < Rounds && await remove() == AtOnce; round++)
        {
            // The next thousand.
        }
    }
}
