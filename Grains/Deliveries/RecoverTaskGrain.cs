using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Matching;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>What a task has to do, and how far it is.</summary>
internal sealed class RecoverTaskState
{
    /// <summary>Null before the start.</summary>
    public RecoverTask? Task { get; set; }

    /// <summary>The last failed attempt whose message has been seen to.</summary>
    public Guid After { get; set; }

    /// <summary>The last place in the log that has been seen to.</summary>
    public long Position { get; set; }

    public bool Finished { get; set; }

    /// <summary>Messages sent so far.</summary>
    public long Sent { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>
/// Walks the failed attempts of an endpoint by their index, or the log; its place is in the store after each step, a
/// reminder resumes it.
/// </summary>
[GrainType("recover-task")]
internal sealed partial class RecoverTaskGrain(
    [PersistentState("recover-task")] IPersistentState<RecoverTaskState> state,
    IDeliveryReads reads,
    IConfigurationStore configuration,
    StoreClock clock,
    ILogger<RecoverTaskGrain> logger) : Grain, IRecoverTaskGrain, IRemindable
{
    private const string ReminderName = "recover";
    private const int FailuresAtOnce = 100;
    private const int EntriesAtOnce = 500;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private Task _run = Task.CompletedTask;

    public async Task Start(RecoverTask task)
    {
        if (state.State.Task is null)
        {
            // First the reminder: a task that is written down is one that goes on.
            await this.RegisterOrUpdateReminder(ReminderName, Period, Period);
            state.State = new RecoverTaskState { Task = task, After = TimeRange.LowestId(task.Since) };
            await WriteAsync();
        }

        Run();
    }

    public Task<RecoverProgress?> Look() => Task.FromResult(state.State is { Task: { } task } s
        ? new RecoverProgress(task, s.Finished, s.Sent, s.UpdatedAt)
        : null);

    public Task<bool> Cancel() => throw new NotSupportedException();

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (state.State.Task is null || state.State.Finished)
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
            _run = RunAsync(state.State.Task!);
        }
    }

    private async Task RunAsync(RecoverTask task)
    {
        // Off the caller's call: it is answered at once.
        await Task.Yield();
        try
        {
            while (!state.State.Finished)
            {
                DelayDeactivation(Period);
                var (seqs, advance) = task.Kind == RecoverKind.Failed ? await NextFailedAsync(task) : await NextMissingAsync(task);
                if (seqs.Count > 0)
                {
                    await GrainFactory.GetGrain<IEndpointGrain>(task.EndpointId).ResendAll(seqs);
                }

                advance(state.State);
                state.State.Sent += seqs.Count;
                await WriteAsync();
            }

            await StopAsync();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The reminder starts it again from the place that is written down.
            Log.Interrupted(logger, error, this.GetPrimaryKeyString());
            DeactivateOnIdle();
        }
    }

    private async Task<(IReadOnlyList<long> Seqs, Action<RecoverTaskState> Advance)> NextFailedAsync(RecoverTask task)
    {
        var page = EntityId.TryParse(EntityId.Endpoint, task.EndpointId, out var endpoint)
            ? await reads.ListFailedAsync(endpoint, state.State.After, TimeRange.LowestId(task.Until), FailuresAtOnce, CancellationToken.None)
            : new FailedPage([], null);
        return page.Last is { } last ? (page.Seqs, s => s.After = last) : ([], static s => s.Finished = true);
    }

    private async Task<(IReadOnlyList<long> Seqs, Action<RecoverTaskState> Advance)> NextMissingAsync(RecoverTask task)
    {
        if (!EntityId.TryParse(EntityId.Application, task.ApplicationId, out var application)
            || !EntityId.TryParse(EntityId.Endpoint, task.EndpointId, out var id)
            || await configuration.FindEndpointAsync(id, CancellationToken.None) is not { } endpoint)
        {
            return ([], static s => s.Finished = true);
        }

        var page = await reads.ListUntriedAsync(application, id, endpoint.Ordinal, state.State.Position, task.Since, task.Until, EntriesAtOnce, CancellationToken.None);
        var matcher = new EndpointMatcher(endpoint);
        var seqs = page.Entries.Where(e => matcher.Matches(e.EventType, e.Channels)).Select(static e => e.Seq).ToList();
        return (seqs, s =>
        {
            s.Position = page.ScannedUpTo;
            s.Finished = page.AtEnd;
        });
    }

    private Task WriteAsync()
    {
        state.State.UpdatedAt = clock.GetStorableNow();
        return state.WriteStateAsync();
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
        [LoggerMessage(1221, LogLevel.Warning, "Recovery {Task} was interrupted; it goes on within a minute")]
        public static partial void Interrupted(ILogger logger, Exception error, string task);
    }
}
