namespace Webhooks.Benchmarks;

/// <summary>
/// What the Orleans dashboard costs: deliveries/s and CPU time per delivery with it, while nobody looks and while somebody
/// does, beside none at all. On a machine that does other things too the CPU time is the steadier figure.
/// The three take turns, each time in another order, and each turn has a system and a store of its own.
/// </summary>
internal static class Dashboard
{
    private const int Endpoints = 100;
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(2);
    private static readonly string[] Kinds = ["none", "unwatched", "watched"];

    /// <param name="duration">How long each turn publishes.</param>
    /// <param name="rounds">Turns of each kind.</param>
    public static async Task RunAsync(TimeSpan duration, int rounds = 5)
    {
        Figures.Print($"the dashboard, SQLite, {Endpoints} endpoints, {rounds} rounds of {duration.TotalSeconds} s each, and what part of that without it");
        Console.WriteLine("        deliveries/s                        CPU us per delivery, all parts     ratios of deliveries/s and of CPU");
        Console.WriteLine("round      none  unwatched    watched       none  unwatched    watched       unwatched           watched");
        var ratios = Kinds.Skip(1).ToDictionary(static kind => kind, static _ => new List<(double Rate, double Cpu)>());
        for (var round = 0; round < rounds; round++)
        {
            var rates = new Dictionary<string, (double PerSecond, double Cpu)>();
            for (var turn = 0; turn < Kinds.Length; turn++)
            {
                var kind = Kinds[(round + turn) % Kinds.Length];
                rates[kind] = await MeasureAsync(kind, duration);
            }

            foreach (var (kind, list) in ratios)
            {
                list.Add((rates[kind].PerSecond / rates["none"].PerSecond, rates[kind].Cpu / rates["none"].Cpu));
            }

            Figures.Print($"{round + 1,5}{rates["none"].PerSecond,10:F0} {rates["unwatched"].PerSecond,10:F0} {rates["watched"].PerSecond,10:F0} {rates["none"].Cpu,10:F0} {rates["unwatched"].Cpu,10:F0} {rates["watched"].Cpu,10:F0}     {ratios["unwatched"][^1].Rate,6:F3} {ratios["unwatched"][^1].Cpu,6:F3}     {ratios["watched"][^1].Rate,6:F3} {ratios["watched"][^1].Cpu,6:F3}");
        }

        foreach (var (kind, list) in ratios)
        {
            Figures.Print($"{kind}: deliveries/s, median ratio {Figures.Median(list.Select(static r => r.Rate)):F3} ({list.Min(static r => r.Rate):F3} to {list.Max(static r => r.Rate):F3}); CPU per delivery, median ratio {Figures.Median(list.Select(static r => r.Cpu)):F3} ({list.Min(static r => r.Cpu):F3} to {list.Max(static r => r.Cpu):F3})");
        }
    }

    private static async Task<(double PerSecond, double Cpu)> MeasureAsync(string kind, TimeSpan duration)
    {
        await using var target = await Target.StartAsync(null, ("Webhooks:Cluster:Dashboard", kind == "none" ? "false" : "true"));
        await target.CreateAsync(Endpoints);
        await Throughput.PublishForAsync(target, Endpoints, Warming, timed: false);
        await Throughput.DrainAsync(target);
        using var looking = new CancellationTokenSource();
        var look = kind == "watched" ? LookAsync(target, looking.Token) : Task.CompletedTask;

        var before = target.Received;
        var cpu = Environment.CpuUsage.TotalTime;
        var started = TimeProvider.System.GetTimestamp();
        await Throughput.PublishForAsync(target, Endpoints, duration, timed: false);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var delivered = target.Received - before;
        var each = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / delivered;
        await looking.CancelAsync();
        await look;
        return (delivered / seconds, each);
    }

    /// <summary>As an open page does: asks for everything once a second.</summary>
    private static async Task LookAsync(Target target, CancellationToken cancellationToken)
    {
        var root = new Uri(target.Api.BaseAddress!, "/orleans/");
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            do
            {
                foreach (var part in (string[])["DashboardCounters", "ClusterStats", "TopGrainMethods"])
                {
                    using var answer = await target.Api.GetAsync(new Uri(root, part), cancellationToken);
                    answer.EnsureSuccessStatusCode();
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The turn is over.
        }
    }
}
