using Microsoft.Extensions.Logging;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Applications;

/// <summary>Lifts idle cursors, many in one statement, beside the way of events.</summary>
internal sealed partial class CursorLifter(ICursorStore cursors, ILogger<CursorLifter> logger)
{
    /// <summary>Entries between two lifts of an application's idle cursors.</summary>
    public const int Every = 4096;

    private const int MaxLifts = 1000;

    /// <summary>Begins to lift; a fault is logged and leaves the cursors to the next time.</summary>
    public void Lift(Guid application, IEnumerable<CursorLift> lifts)
    {
        var all = lifts.ToArray();
        if (all.Length > 0)
        {
            _ = Task.Run(() => LiftAsync(application, all));
        }
    }

    private async Task LiftAsync(Guid application, CursorLift[] lifts)
    {
        try
        {
            foreach (var chunk in lifts.Chunk(MaxLifts))
            {
                await cursors.LiftAsync(chunk, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (StoreUnavailableException error)
        {
            Log.NotLifted(logger, error, EntityId.Format(EntityId.Application, application), lifts.Length);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1031, LogLevel.Information, "{Count} idle cursors of application {Application} were not lifted")]
        public static partial void NotLifted(ILogger logger, Exception error, string application, int count);
    }
}
