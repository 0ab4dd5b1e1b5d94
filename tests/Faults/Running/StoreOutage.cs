using System.Collections.Concurrent;
using System.Globalization;
using Webhooks.Faults.Measuring;
using Webhooks.Faults.Publishing;

namespace Webhooks.Faults.Running;

/// <summary>The store is away for a while under load: nobody may be told 202, and everybody must be told soon.</summary>
internal static class StoreOutage
{
    /// <summary>Within this a gateway must have answered, milliseconds.</summary>
    private const double Soon = 2_000;

    private static readonly TimeSpan Flowing = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FlowPatience = TimeSpan.FromSeconds(90);

    public static async Task<bool> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        await using var stage = await Stage.SetAsync(options with { Minutes = 1 }, histories: true, cancellationToken);
        var postgres = stage.Topology.Postgres ?? throw new ArgumentException("The store that goes away is PostgreSQL.");
        var answers = new ConcurrentQueue<Answer>();
        using var load = stage.NewLoad(options, answers.Enqueue);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var publishing = load.RunAsync(stop.Token);
        await Task.WhenAny(Task.Delay(Flowing, cancellationToken), publishing);

        var before = Memory.Read(stage.Topology);
        await postgres.StopFastAsync();
        var gone = stage.Clock.Now;
        // The length of the outage is what is asked for: there is nothing to wait for but the clock.
        await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(options.Seconds), cancellationToken), publishing);
        var atEnd = Memory.Read(stage.Topology);
        var returning = stage.Clock.Now;
        await postgres.StartAgainAsync();
        var back = stage.Clock.Now;
        var watch = stage.NewWatch(back);
        using (stage.Recorder.Watch(watch))
        {
            var flow = await watch.FlowsAsync(FlowPatience, cancellationToken);
            Say($"flows {flow.Any / 1000:F1} s after the store was back; new events {flow.New / 1000:F1} s");
        }

        await stop.CancelAsync();
        await publishing;
        return Judge(stage, [.. answers], gone, returning, before, atEnd);
    }

    private static bool Judge(
        Stage stage, IReadOnlyList<Answer> answers, double gone, double returning, IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> atEnd)
    {
        var during = answers.Where(answer => answer.SentAt >= gone && answer.SentAt < returning).ToList();
        var accepted = during.Count(answer => answer.Conclusion == Conclusion.Accepted && answer.SentAt + answer.Took < returning);
        Say($"{during.Count} requests while the store was away for {(returning - gone) / 1000:F1} s, {accepted} of them answered 202");
        foreach (var status in during.GroupBy(static answer => answer.Status).OrderBy(static group => group.Key))
        {
            Say($"  {status.Key}: {status.Count()}");
        }

        var slow = 0;
        foreach (var gateway in during.GroupBy(static answer => answer.Gateway).OrderBy(static group => group.Key))
        {
            var slowest = gateway.Max(static answer => answer.Took);
            slow += gateway.Count(static answer => answer.Took > Soon);
            Say($"gateway {gateway.Key + 1}: slowest answer {slowest / 1000:F2} s; {gateway.Count(static answer => answer.Took > Soon)} of {gateway.Count()} later than {Soon / 1000} s");
        }

        foreach (var node in stage.Topology.Nodes)
        {
            Say($"{node.Name,-12} {before[node.Name] >> 20} MB before, {atEnd[node.Name] >> 20} MB at the end of the outage");
        }

        var holds = accepted == 0 && slow == 0 && during.Count > 0;
        Console.WriteLine(holds ? "HOLDS" : "BROKEN");
        return holds;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
