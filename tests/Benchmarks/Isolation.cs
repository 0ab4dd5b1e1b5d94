using Webhooks.Tests.Shared;

namespace Webhooks.Benchmarks;

/// <summary>
/// What 100 healthy endpoints under a bounded load notice of 1,000 others that misbehave: begin to hang, hang for a while, or
/// drip, send endlessly, pack bombs, break chunks and close. Both halves of a pair publish the same to the others; in the
/// first they answer. What failed is due again after the first step of the default schedule, however often it has failed.
/// </summary>
internal static class Isolation
{
    private const int Pairs = 5;
    private const int Rate = 300;
    private const int Healthy = 100;
    private const int RudeApplications = 100;
    private const int RudeEach = 10;
    private const int WaitingEach = 3;
    private const int RudePublishesPerSecond = 20;
    // As long as a hanging attempt takes: spread over it, they also end spread out, as they would in a long run.
    private const int TimeoutSeconds = 6;
    private const int RetrySeconds = 5;
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(4 * TimeoutSeconds);
    private static readonly TimeSpan UntilKnown = TimeSpan.FromSeconds(3 * TimeoutSeconds);

    /// <param name="row">One of the three comparisons, from 1; 0 for all.</param>
    public static async Task RunAsync(PostgresServer postgres, string store, int row)
    {
        await using var target = await Target.StartAsync(
            await Stores.FreshAsync(postgres, store),
            [("Webhooks:Delivery:RequestTimeoutSeconds", $"{TimeoutSeconds}"), .. Enumerable.Range(0, 60).Select(static i => ($"Webhooks:Delivery:RetrySchedule:{i}", $"{RetrySeconds}"))]);
        await using var rude = await RudeProcess.StartAsync();
        await target.CreateAsync(Healthy);
        await CreateRudeAsync(target, rude, "hanging", static _ => "hang");
        await CreateRudeAsync(target, rude, "odd", static i => RudeReceiver.Kinds[i % RudeReceiver.Kinds.Length]);
        await MeasureAsync(target, null);

        Figures.Print($"{store}: {Healthy} healthy endpoints, {Rate} publishes/s, {RudeApplications * RudeEach} others; medians of {Pairs} interleaved pairs of {Phase.TotalSeconds:F0} s each");
        Console.WriteLine("others                       p50 without  with   p99 without  with    with/without  heap MiB begin  end   process MiB begin  end   requests of others");
        var rows = new (string Name, Func<Task>? Before, Func<Task>? Along)[]
        {
            ("begin to hang", null, () => PublishWaitingAsync(target)),
            ("hang for a while", () => HangForAWhileAsync(target, rude), null),
            ("drip, endless, bomb, close …", null, () => PublishAlongAsync(target)),
        };
        foreach (var (name, before, along) in row > 0 ? rows[(row - 1)..row] : rows)
        {
            await CompareAsync(target, rude, name, before, along);
        }
    }

    private static async Task CompareAsync(Target target, RudeProcess rude, string name, Func<Task>? before, Func<Task>? along)
    {
        var memory = Figures.Memory();
        var requests = await rude.RequestsAsync();
        var pairs = new List<((double P50, double P99, double Cpu, double Paused) Without, (double P50, double P99, double Cpu, double Paused) With)>();
        for (var i = 0; i < Pairs; i++)
        {
            await (before?.Invoke() ?? Task.CompletedTask);
            var calm = await MeasureAsync(target, along?.Invoke());
            await rude.BeRudeAsync();
            await (before?.Invoke() ?? Task.CompletedTask);
            var beside = await MeasureAsync(target, along?.Invoke());
            await rude.BePoliteAsync();
            await QuietAsync(rude);
            pairs.Add((calm, beside));
        }

        var after = Figures.Memory();
        requests = await rude.RequestsAsync() - requests;
        Figures.Print(
            $"{name,-28} {Figures.Median(pairs.Select(static p => p.Without.P50)),11:F2}  {Figures.Median(pairs.Select(static p => p.With.P50)),5:F2}  {Figures.Median(pairs.Select(static p => p.Without.P99)),11:F1}  {Figures.Median(pairs.Select(static p => p.With.P99)),5:F1}  {Figures.Median(pairs.Select(static p => p.With.P99 / p.Without.P99)),11:P0}  {memory.Heap,14:F1}  {after.Heap,4:F1}  {memory.Process,17:F0}  {after.Process,4:F0}  {requests,18}");
        Figures.Print($"  p99 of each pair: {string.Join(", ", pairs.Select(static p => FormattableString.Invariant($"{p.Without.P99:F1} → {p.With.P99:F1}")))}; cores busy in this process {Figures.Median(pairs.Select(static p => p.Without.Cpu)):F2} → {Figures.Median(pairs.Select(static p => p.With.Cpu)):F2}");
    }

    private static async Task<(double P50, double P99, double Cpu, double Paused)> MeasureAsync(Target target, Task? meanwhile)
    {
        var before = target.Received;
        target.TakeLatencies();
        var cpu = Environment.CpuUsage.TotalTime;
        var paused = GC.GetTotalPauseDuration();
        await Pace.RunAsync(Rate, Phase, i => target.PublishAsync(i % Healthy, timed: true));
        await Eventually.TrueAsync(() => target.Received - before >= (int)(Rate * Phase.TotalSeconds), "the healthy ones have got everything", TimeSpan.FromSeconds(60));
        await (meanwhile ?? Task.CompletedTask);
        var (p50, p99) = target.TakeLatencies();
        return (p50, p99, (Environment.CpuUsage.TotalTime - cpu) / Phase, (GC.GetTotalPauseDuration() - paused) / Phase);
    }

    /// <summary>A queue behind each hanging endpoint, so that it is tried all the time.</summary>
    private static async Task PublishWaitingAsync(Target target)
    {
        for (var application = 0; application < RudeApplications; application++)
        {
            for (var i = 0; i < WaitingEach; i++)
            {
                await PublishRudeAsync(target, "hanging" + application);
            }

            await Task.Delay(TimeSpan.FromSeconds((double)TimeoutSeconds / RudeApplications));
        }
    }

    /// <summary>Long enough for each to have failed, and to be known as one that fails.</summary>
    private static async Task HangForAWhileAsync(Target target, RudeProcess rude)
    {
        await PublishWaitingAsync(target);
        await (rude.IsRude ? Task.Delay(UntilKnown) : QuietAsync(rude));
    }

    private static Task PublishAlongAsync(Target target) =>
        Pace.RunAsync(RudePublishesPerSecond, Phase, i => PublishRudeAsync(target, "odd" + (i % RudeApplications)));

    private static Task PublishRudeAsync(Target target, string application) =>
        target.PostAsync($"app/{application}/msg", new { eventType = "type0", payload = new { note = "for many" } });

    private static async Task QuietAsync(RudeProcess rude)
    {
        var started = TimeProvider.System.GetTimestamp();
        long seen;
        do
        {
            seen = await rude.RequestsAsync();
            await Task.Delay(TimeSpan.FromSeconds(1.5));
        }
        while (seen != await rude.RequestsAsync() && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
    }

    private static Task CreateRudeAsync(Target target, RudeProcess rude, string name, Func<int, string> kind) =>
        Task.WhenAll(Enumerable.Range(0, RudeApplications).Select(async application =>
        {
            await target.PostAsync("app", new { name, uid = name + application });
            for (var i = 0; i < RudeEach; i++)
            {
                await target.PostAsync($"app/{name}{application}/endpoint", new { url = $"{rude.Url}/{kind(i)}/{application}-{i}" });
            }
        }));
}
