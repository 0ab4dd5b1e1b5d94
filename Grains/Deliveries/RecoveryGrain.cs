using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Retention;
using Webhooks.Grains.Storage;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Deliveries;

/// <summary>Wakes what has work and no living owner.</summary>
[GrainType("recovery")]
internal sealed partial class RecoveryGrain(
    IClusterStore store, RetentionWork retention, LivingSilos silos, StoreClock clock, WebhookMetrics metrics, ILogger<RecoveryGrain> logger)
    : Grain, IRecoveryGrain, IRemindable
{
    /// <summary>Keys that hold a reminder: one lost, or one on a silo just dying, does not matter.</summary>
    public const int Watchers = 3;

    private const string ReminderName = "look";
    private const int PerLook = 256;
    private const int AtOnce = 32;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _woken = [];
    private readonly ReminderGauge _reminder = new(metrics, ReminderKind.Recovery);
    private bool _registered;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _reminder.Set(false);
        return Task.CompletedTask;
    }

    public async Task Look()
    {
        if (!_registered)
        {
            // Keys tick at different moments, so that together they look more often than each alone.
            await this.RegisterOrUpdateReminder(ReminderName, Period * (1 + this.GetPrimaryKeyLong()) / Watchers, Period);
            _registered = true;
            _reminder.Set(true);
        }

        await LookAsync();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _registered = true;
        _reminder.Set(true);
        metrics.Ticked(ReminderKind.Recovery);
        try
        {
            await LookAsync();
            if (this.GetPrimaryKeyLong() == 0)
            {
                retention.Begin();
            }
        }
        catch (StoreUnavailableException error)
        {
            Log.NotLooked(logger, error);
        }
    }

    private async Task LookAsync()
    {
        // What was woken in this look and still has no owner could not be helped; the next look tries again.
        _woken.Clear();
        while (true)
        {
            var work = await store.FindOrphansAsync(silos.Living, clock.GetUtcNow(), PerLook, CancellationToken.None);
            var wakes = new List<(string Key, Func<Task> Wake)>();
            foreach (var id in work.Applications)
            {
                var key = EntityId.Format(EntityId.Application, id);
                wakes.Add((key, () => GrainFactory.GetGrain<IApplicationGrain>(key).Wake()));
            }

            foreach (var id in work.Endpoints)
            {
                var key = EntityId.Format(EntityId.Endpoint, id);
                wakes.Add((key, () => GrainFactory.GetGrain<IEndpointGrain>(key).Wake()));
            }

            wakes.RemoveAll(w => !_woken.Add(w.Key));
            if (wakes.Count == 0)
            {
                return;
            }

            Log.Waking(logger, work.Applications.Count, work.Endpoints.Count);
            foreach (var chunk in wakes.Chunk(AtOnce))
            {
                await Task.WhenAll(chunk.Select(WakeAsync));
            }
        }
    }

    private async Task WakeAsync((string Key, Func<Task> Wake) work)
    {
        try
        {
            await work.Wake();
        }
        catch (Exception error) when (error is TimeoutException or OrleansException or StoreUnavailableException)
        {
            Log.NotWoken(logger, error, work.Key);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Information, "Waking {Applications} applications and {Endpoints} endpoints that no living silo owns")]
        public static partial void Waking(ILogger logger, int applications, int endpoints);

        [LoggerMessage(1202, LogLevel.Warning, "{Key} could not be woken; the next look tries again")]
        public static partial void NotWoken(ILogger logger, Exception error, string key);

        [LoggerMessage(1203, LogLevel.Warning, "The store did not say what has no owner; the next look asks again")]
        public static partial void NotLooked(ILogger logger, Exception error);
    }
}
