using Webhooks.Gateway.Api.Apis;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>A task in the background as the API lists it.</summary>
public sealed record RecoveryModel(string Id, string Status, string Task, RecoveryData Data, DateTimeOffset UpdatedAt)
{
    /// <summary>The same from what its endpoint tells.</summary>
    internal static RecoveryModel Of(RecoverProgress progress)
    {
        var status = BackgroundTaskJson.StatusOf(progress);
        return new RecoveryModel(
            progress.Id ?? "",
            status,
            BackgroundTaskJson.NameOf(progress.Task.Kind),
            new RecoveryData(progress.Task.ApplicationId, progress.Task.EndpointId, progress.Sent, progress.Matched, progress.Scanned, progress.Total, BackgroundTaskJson.ShareOf(progress), progress.Task.DryRun, progress.Status == RecoverStatus.Cancelled),
            progress.UpdatedAt);
    }
}

/// <summary>How far a task is.</summary>
public sealed record RecoveryData(string AppId, string EndpointId, long MessagesSent, long MessagesMatched, long EntriesScanned, long EntriesTotal, double Progress, bool DryRun, bool Cancelled);
