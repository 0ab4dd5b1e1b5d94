using Webhooks.Gateway.Api.Portal.Models;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>Tasks in the background in words.</summary>
internal static class TaskWords
{
    public static string What(RecoveryModel task)
    {
        var what = task.Task switch
        {
            "endpoint.recover" => "What failed, sent again",
            "endpoint.replay" => "What was never tried, sent",
            "endpoint.bulk-replay" => "A stretch of time, sent again",
            "endpoint.resend-dead-letters" => "Dead letters, sent again",
            _ => task.Task,
        };
        return task.Data.DryRun ? what + " (counted only)" : what;
    }

    public static string Status(RecoveryModel task) => task switch
    {
        { Data.Cancelled: true } => "Cancelled",
        { Status: "finished" } => "Finished",
        { Status: "failed" } => "Failed",
        _ => "Running",
    };

    public static ChipKind Kind(RecoveryModel task) => task switch
    {
        { Data.Cancelled: true } => ChipKind.Plain,
        { Status: "finished" } => ChipKind.Good,
        { Status: "failed" } => ChipKind.Bad,
        _ => ChipKind.Waiting,
    };
}
