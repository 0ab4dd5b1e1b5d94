using System.Text.Json;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>Tasks in the background as the contract shows them.</summary>
internal static class BackgroundTaskJson
{
    public const string Running = "running";
    public const string Finished = "finished";

    /// <summary>Also of what was cancelled: generated clients know no other word.</summary>
    public const string Failed = "failed";

    public static string NameOf(RecoverKind kind) => kind switch
    {
        RecoverKind.Failed => "endpoint.recover",
        RecoverKind.Missing => "endpoint.replay",
        RecoverKind.Bulk => "endpoint.bulk-replay",
        _ => "endpoint.resend-dead-letters",
    };

    public static void Write(Utf8JsonWriter json, RecoverProgress progress)
    {
        json.WriteStartObject();
        json.WriteString("id", progress.Id);
        json.WriteString("status", StatusOf(progress));
        json.WriteString("task", NameOf(progress.Task.Kind));
        json.WriteStartObject("data");
        json.WriteString("appId", progress.Task.ApplicationId);
        json.WriteString("endpointId", progress.Task.EndpointId);
        json.WriteNumber("messagesSent", progress.Sent);
        json.WriteNumber("messagesMatched", progress.Matched);
        json.WriteNumber("entriesScanned", progress.Scanned);
        json.WriteNumber("entriesTotal", progress.Total);
        json.WriteNumber("progress", ShareOf(progress));
        json.WriteBoolean("dryRun", progress.Task.DryRun);
        json.WriteBoolean("cancelled", progress.Status == RecoverStatus.Cancelled);
        json.WriteEndObject();
        json.WriteTime("updatedAt", progress.UpdatedAt);
        json.WriteEndObject();
    }

    public static string StatusOf(RecoverProgress progress) => progress.Status switch
    {
        RecoverStatus.Cancelled or RecoverStatus.Failed => Failed,
        RecoverStatus.Finished => Finished,
        _ => progress.Finished ? Finished : Running,
    };

    /// <summary>0 to 1, to a hundredth of a percent.</summary>
    public static double ShareOf(RecoverProgress progress) =>
        StatusOf(progress) == Finished ? 1
        : progress.Total <= 0 ? 0
        : Math.Round(Math.Clamp((double)progress.Scanned / progress.Total, 0, 1), 4);
}
