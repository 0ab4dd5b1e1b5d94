using System.Diagnostics;
using OpenTelemetry;
using Orleans.Diagnostics;

namespace Webhooks.Grains.Telemetry;

/// <summary>
/// Keeps out of traces what tells nothing there, and what must not be told. Calls of grains and statements that belong to no
/// request or attempt are the housekeeping of the process, several a second for ever. The messages of exceptions may quote a
/// call's arguments; logs have them, without what is secret.
/// </summary>
internal sealed class SpanFilter : BaseProcessor<Activity>
{
    /// <summary>The driver's source.</summary>
    public const string Npgsql = "Npgsql";

    /// <summary>Calls of this project's grains.</summary>
    public const string Grains = ActivitySources.ApplicationGrainActivitySourceName;

    private const string Statement = "db.query.text";

    // Enough to know it by: some are pages long, and one goes out with every commit.
    private const int StatementLength = 200;

    private static readonly string[] Untold = ["exception.message", "exception.stacktrace", "db.npgsql.data_source"];

    public override void OnStart(Activity data)
    {
        ArgumentNullException.ThrowIfNull(data);
        // Before it is carried to another silo: what is below it there is not recorded either.
        if (data.ParentId is null && data.Source.Name is (Npgsql or Grains))
        {
            data.IsAllDataRequested = false;
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    public override void OnEnd(Activity data)
    {
        ArgumentNullException.ThrowIfNull(data);
        foreach (var tag in Untold)
        {
            if (data.GetTagItem(tag) is not null)
            {
                data.SetTag(tag, null);
            }
        }

        if (data.GetTagItem(Statement) is string { Length: > StatementLength } statement)
        {
            data.SetTag(Statement, string.Concat(statement.AsSpan(0, StatementLength), "…"));
        }

        if (data.StatusDescription is not null)
        {
            data.SetStatus(data.Status);
        }
    }
}
