using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Running;

/// <summary>Waits, once nobody publishes, until nothing is left to deliver.</summary>
internal static class Drain
{
    private const double QuietMilliseconds = 4_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Ends when every accepted event has reached each of its endpoints and nothing has arrived for a while; false at the deadline.</summary>
    /// <remarks>What was given up as a dead letter never arrives: a run with a short schedule ends by its deadline or by <paramref name="mayLack"/>.</remarks>
    /// <param name="mayLack">Whether quiet alone is enough.</param>
    public static async Task<bool> WaitAsync(Stage stage, TimeSpan deadline, bool mayLack, CancellationToken cancellationToken)
    {
        var started = stage.Clock.Now;
        while (stage.Clock.Now - started < deadline.TotalMilliseconds)
        {
            await Task.Delay(Interval, cancellationToken);
            var quiet = stage.Clock.Now - Math.Max(started, stage.Recorder.LastArrival) > QuietMilliseconds;
            if (quiet && (mayLack || Missing(stage) == 0))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Accepted deliveries that have not succeeded yet.</summary>
    public static int Missing(Stage stage)
    {
        var (published, received) = stage.Recorder.Read();
        var succeeded = received.Where(static r => r.Status == 200).Select(static r => (r.Endpoint, r.Number)).ToHashSet();
        var missing = 0;
        foreach (var accepted in published.Where(static e => e.Outcome == PublishOutcome.Accepted))
        {
            missing += stage.World.Endpoints.Count(endpoint => Wants(endpoint, accepted) && !succeeded.Contains((endpoint.Id, accepted.Number)));
        }

        return missing;
    }

    /// <summary>Whether an event belongs to an endpoint.</summary>
    public static bool Wants(SubscribedEndpoint endpoint, PublishedEvent published) =>
        endpoint.Application == published.Application && (endpoint.EventTypes.Count == 0 || endpoint.EventTypes.Contains(published.EventType));
}
