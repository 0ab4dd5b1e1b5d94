using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>What a recovery has to do, and how far it is.</summary>
internal sealed class RecoverTaskState
{
    /// <summary>Text id of the endpoint; null before the start.</summary>
    public string? Endpoint { get; set; }

    public DateTimeOffset Until { get; set; }

    /// <summary>The last failed attempt whose message has been seen to.</summary>
    public Guid After { get; set; }

    public bool Finished { get; set; }

    /// <summary>Messages sent again so far.</summary>
    public long Resent { get; set; }
}

/// <summary>Walks the failed attempts of an endpoint; its place is in the store after each step, a reminder resumes it.</summary>
[GrainType("recover-task")]
internal sealed partial class RecoverTaskGrain(
    [PersistentState("recover-task")] IPersistentState<RecoverTaskState> state,
    IDeliveryReads reads,
    ILogger<RecoverTaskGrain> logger) : Grain, IRecoverTaskGrain, IRemindable
{
    private const string ReminderName = "recover";
    private const int LooksAtOnce = 100;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private Task _run = Task.CompletedTask;

    public async Task Start(string endpoint, DateTimeOffset since, DateTimeOffset until)
    {
        if (state.State.Endpoint is null)
        {
            // First the reminder: a task that is written down is one that goes on.
            await this.RegisterOrUpdateReminder(ReminderName, Period, Period);
            state.State = new RecoverTaskState { Endpoint = endpoint, After = TimeRange.LowestId(since), Until = until };
            await state.WriteStateAsync();
        }

        Run();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (state.State.Endpoint is null or "" || state.State.Finished)
        {
            await StopAsync();
            return;
        }

        Run();
    }

    private void Run()
    {
        if (_run.IsCompleted && !state.State.Finished)
        {
            _run = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        // Off the caller's call: it is answered at once.
        await Task.Yield();
        try
        {
            var task = state.State;
            if (!EntityId.TryParse(EntityId.Endpoint, task.Endpoint, out var endpoint))
            {
                return;
            }

            var grain = GrainFactory.GetGrain<IEndpointGrain>(task.Endpoint!);
            while (await reads.ListFailedAsync(endpoint, task.After, TimeRange.LowestId(task.Until), LooksAtOnce, CancellationToken.None) is { Last: { } last } page)
            {
                DelayDeactivation(Period);
                if (page.Seqs.Count > 0)
                {
                    await grain.ResendAll(page.Seqs);
                }

                task.After = last;
                task.Resent += page.Seqs.Count;
                await state.WriteStateAsync();
            }

            task.Finished = true;
            await state.WriteStateAsync();
            await StopAsync();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The reminder starts it again from the place that is written down.
            Log.Interrupted(logger, error, this.GetPrimaryKeyString());
            DeactivateOnIdle();
        }
    }

    private async Task StopAsync()
    {
        if (await this.GetReminder(ReminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1211, LogLevel.Warning, "Recovery {Task} was interrupted; it goes on within a minute")]
        public static partial void Interrupted(ILogger logger, Exception error, string task);
    }
}
