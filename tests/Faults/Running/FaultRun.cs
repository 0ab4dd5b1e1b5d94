using System.Globalization;
using Webhooks.Faults.Histories;
using Webhooks.Faults.Injection;
using Webhooks.Faults.Listing;

namespace Webhooks.Faults.Running;

/// <summary>Load, faults one at a time with flow between them, and the history of both.</summary>
internal static class FaultRun
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(4);

    /// <summary>With fewer steps messages are given up on purpose: not everything that was accepted arrives.</summary>
    private const int ManySteps = 30;

    /// <summary>Faults as a seed chooses them, until the time is over.</summary>
    public static Task<RunResult> RunAsync(RunOptions options, CancellationToken cancellationToken) =>
        RunAsync(PutUp.Around(options, Named(options)), stage => InTime(options, stage), cancellationToken);

    /// <param name="faults">The faults in their order; the load ends with the last one.</param>
    public static async Task<RunResult> RunAsync(RunOptions options, Func<Stage, IEnumerable<IFault>> faults, CancellationToken cancellationToken)
    {
        var stage = await Stage.SetAsync(options, histories: true, cancellationToken);
        var injector = new Injector(stage, new Random(options.Seed));
        RunResult? result = null;
        try
        {
            Say(stage, $"seed {options.Seed}: {stage.Topology.Nodes.Count()} processes, {stage.World.Endpoints.Count} endpoints, {options.Load.Rate} events/s, {options.Minutes} min");
            await UnderLoadAsync(options, stage, faults(stage), injector, cancellationToken);

            var drained = await Drain.WaitAsync(stage, DrainPatience, options.Topology.RetrySteps < ManySteps, cancellationToken);
            Say(stage, drained ? "drained" : $"NOT drained: {Drain.Missing(stage)} deliveries are missing");
            using var api = stage.OpenApi();
            var history = HistoryOf(stage, injector, await Lists.ReadAsync(api, stage.World, cancellationToken));
            await stage.Recorder.Timeline.WriteAsync(Path.Combine(stage.Folder, "latencies.csv"), cancellationToken);
            result = Judging.Judge(history, options, stage.Folder);
            result = result with { Flows = result.Flows && drained && injector.Findings.Count == 0 };
            foreach (var finding in injector.Findings)
            {
                Console.WriteLine(finding);
            }

            return result;
        }
        finally
        {
            await stage.DisposeAsync();
            if (result is null)
            {
                // Broken off: what is known so far tells why, without what the API would have listed.
                HistoryFiles.Write(stage.Folder, HistoryOf(stage, injector, new Lists([], [], [])));
            }

            if (result is { Holds: true } && options.Keep is null)
            {
                Directory.Delete(stage.Folder, recursive: true);
            }
            else
            {
                Console.WriteLine($"histories and logs: {stage.Folder}");
            }
        }
    }

    private static History HistoryOf(Stage stage, Injector injector, Lists lists)
    {
        var (published, received) = stage.Recorder.Read();
        return new History(stage.World.Endpoints, published, received, lists.Messages, lists.Attempts, lists.DeadLetters, injector.Faults);
    }

    private static async Task UnderLoadAsync(RunOptions options, Stage stage, IEnumerable<IFault> faults, Injector injector, CancellationToken cancellationToken)
    {
        var random = new Random(options.Seed + 2);
        using var load = stage.NewLoad(options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var publishing = load.RunAsync(stop.Token);
        try
        {
            foreach (var fault in faults)
            {
                // Flow between faults, so that each finds the system at work.
                await Task.WhenAny(Task.Delay(random.Seconds(2, 5), cancellationToken), publishing);
                if (publishing.IsCompleted)
                {
                    break;
                }

                var injected = await injector.InjectAsync(fault, cancellationToken);
                Say(stage, Line(injected));
            }
        }
        finally
        {
            await stop.CancelAsync();
            await publishing;
        }
    }

    private static IEnumerable<IFault> InTime(RunOptions options, Stage stage)
    {
        var schedule = new Schedule(Chosen(options, stage), new Random(options.Seed + 2));
        var end = stage.Clock.Now + (options.Minutes * 60_000);
        while (stage.Clock.Now < end)
        {
            yield return schedule.Next();
        }
    }

    private static IReadOnlyList<IFault> Named(RunOptions options)
    {
        foreach (var kind in options.Kinds.Where(static kind => Catalogue.All.All(fault => fault.Kind != kind)))
        {
            throw new ArgumentException($"{kind} is not a kind of fault; there are: {string.Join(", ", Catalogue.All.Select(static fault => fault.Kind))}.");
        }

        return [.. Catalogue.All.Where(fault => options.Kinds.Count == 0 || options.Kinds.Contains(fault.Kind))];
    }

    private static IReadOnlyList<IFault> Chosen(RunOptions options, Stage stage)
    {
        var chosen = new List<IFault>();
        foreach (var fault in Named(options))
        {
            if (fault.Obstacle(stage.Topology) is { } obstacle)
            {
                Say(stage, $"left out: {fault.Kind}: {obstacle}");
            }
            else
            {
                chosen.Add(fault);
            }
        }

        return chosen.Count > 0 ? chosen : throw new ArgumentException("None of these faults can be done here.");
    }

    private static string Line(InjectedFault fault) => string.Create(
        CultureInfo.InvariantCulture,
        $"{fault.Number,3} {fault.Kind,-18} harm {(fault.Until - fault.From) / 1000,5:F1} s   flows after {fault.ToFlow / 1000,5:F1} s, new events after {fault.ToNewFlow / 1000,5:F1} s   {fault.Detail}");

    private static void Say(Stage stage, string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage.Clock.Now / 1000,7:F1} s  {text}"));
}
