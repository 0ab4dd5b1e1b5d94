using Webhooks.Grains.Deliveries;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Endpoints;

/// <summary>Tells those who look how recoveries are getting on: a few times a second at most, and how each ended for certain.</summary>
internal sealed partial class EndpointGrain
{
    private static readonly TimeSpan BetweenNews = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<Guid, RecoverProgress> _taskNews = [];
    private bool _tellingTasks;

    /// <summary>A recovery has got on.</summary>
    private void TellTask(RecoveryRow row)
    {
        _taskNews[row.Id] = RecoverTaskGrain.ToProgress(row);
        if (!_tellingTasks)
        {
            _tellingTasks = true;
            _ = TellTasksAsync();
        }
    }

    /// <summary>The same for one that is not at hand.</summary>
    private async Task TellTaskAsync(Guid id)
    {
        if (await services.Recoveries.FindAsync(id, CancellationToken.None) is { } row)
        {
            TellTask(row);
        }
    }

    private async Task TellTasksAsync()
    {
        try
        {
            while (_taskNews.Count > 0)
            {
                var news = _taskNews.Values.ToArray();
                _taskNews.Clear();
                foreach (var progress in news)
                {
                    await GrainFactory.GetGrain<ITaskBoard>(progress.Task.Organization).Tell(progress);
                }

                await Task.Delay(BetweenNews, services.Clock);
            }
        }
        catch (Exception error)
        {
            // Nothing depends on it: the next step tells more, and the list has it all.
            Log.TaskNotTold(services.Logger, error, _id);
        }
        finally
        {
            _tellingTasks = false;
        }
    }
}
