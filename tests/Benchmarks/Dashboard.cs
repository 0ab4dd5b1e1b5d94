namespace Webhooks.Benchmarks;

/// <summary>
/// What the Orleans dashboard costs: deliveries/s with it, while nobody looks and while somebody does, beside none at all.
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
        Figures.Print($"the dashboard, SQLite, {Endpoints} endpoints, {rounds} rounds of {duration.TotalSeconds} s each; deliveries/s, and what part of those without it");
        Console.WriteLine("round        none   unwatched     watched   unwatched/none   watched/none");
        var ratios = Kinds.Skip(1).ToDictionary(static kind => kind, static _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var rates = new Dictionary<string, double>();
            for (var turn = 0; turn < Kinds.Length; turn++)
            {
                var kind = Kinds[(round + turn) % Kinds.Length];
                rates[kind] = await MeasureAsync(kind, duration);
            }

            foreach (var (kind, list) in ratios)
            {
                list.Add(rates[kind] / rates["none"]);
            }

            Figures.Print($"{round + 1,5}  {rates["none"],10:F0}  {rates["unwatched"],10:F0}  {rates["watched"],10:F0}  {ratios["unwatched"][^1],15:P1}  {ratios["watched"][^1],13:P1}");
        }

        foreach (var (kind, list) in ratios)
        {
            Figures.Print($"{kind}: median ratio {Figures.Median(list):F3}, from {list.Min():F3} to {list.Max():F3}");
        }
    }

    private static async Task<double> MeasureAsync(string kind, TimeSpan duration)
    {
        await using var target = await Target.StartAsync(null, ("Webhooks:Cluster:Dashboard", kind == "none" ? "false" : "true"));
        await target.CreateAsync(Endpoints);
        await Throughput.PublishForAsync(target, Endpoints, Warming, timed: false);
        await Throughput.DrainAsync(target);
        using var looking = new CancellationTokenSource();
        var look = kind == "watched" ? LookAsync(target, looking.Token) : Task.CompletedTask;

        var before = target.Received;
        var started = TimeProvider.System.GetTimestamp();
        await Throughput.PublishForAsync(target, Endpoints, duration, timed: false);
        var rate = (target.Received - before) / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        await looking.CancelAsync();
        await look;
        return rate;
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
