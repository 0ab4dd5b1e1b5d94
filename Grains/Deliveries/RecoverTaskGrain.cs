using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Deliveries;

/// <summary>The address of a recovery by its id alone; the endpoint's grain is what carries it out.</summary>
[GrainType("recover-task")]
internal sealed class RecoverTaskGrain(IRecoveryStore store) : Grain, IRecoverTaskGrain
{
    public Task Start(RecoverTask task) => GrainFactory.GetGrain<IEndpointGrain>(task.EndpointId).StartRecovery(this.GetPrimaryKeyString(), task);

    public async Task<RecoverProgress?> Look() => await FindAsync() is { } row ? ToProgress(row) : null;

    public async Task<bool> Cancel() =>
        await FindAsync() is { Status: RecoverStatus.Running } row && await GrainFactory.GetGrain<IEndpointGrain>(row.Task.EndpointId).CancelRecovery(this.GetPrimaryKeyString());

    /// <summary>The row in the words of the API.</summary>
    public static RecoverProgress ToProgress(RecoveryRow row) => new(
        row.Task,
        row.Status != RecoverStatus.Running,
        row.Sent,
        row.UpdatedAt,
        row.Status,
        row.Matched,
        Math.Max(0, Math.Min(row.Position, row.ToSeq) - row.FromSeq),
        Math.Max(0, row.ToSeq - row.FromSeq),
        EntityId.Format(EntityId.BackgroundTask, row.Id));

    private async Task<RecoveryRow?> FindAsync() =>
        EntityId.TryParse(EntityId.BackgroundTask, this.GetPrimaryKeyString(), out var id) ? await store.FindAsync(id, CancellationToken.None) : null;
}
