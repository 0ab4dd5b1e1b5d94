using Microsoft.Extensions.Options;
using Webhooks.Grains.Hosting;
using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Cluster;

namespace Webhooks.Gateway.Api.Cluster;

/// <summary>
/// Asks silo after silo how it is, a few times a second. One that lives and reaches the store is enough to serve; the
/// others' applications move to it, or are waited for within a call's budget.
/// </summary>
internal sealed partial class ClusterWatch(
    IGrainFactory grains,
    ClusterState state,
    IOptions<ClusterOptions> options,
    ILogger<ClusterWatch> logger) : BackgroundService
{
    private sealed record Heard(SiloSight Sight, long At);

    private const int MostInFlight = 16;
    private const int Keys = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>What a silo said counts for so long: three rounds over a dozen silos.</summary>
    private static readonly TimeSpan Counts = TimeSpan.FromSeconds(3);

    /// <summary>A client that is not connected drops a call without a word.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Heard> _heard = [];
    private long _answeredAt;
    private long _tick = TimeProvider.System.GetTimestamp();
    private int _inFlight;
    private int _asked;

    /// <summary>How long ago the watch was last at work.</summary>
    public TimeSpan Age => TimeProvider.System.GetElapsedTime(Volatile.Read(ref _tick));

    /// <summary>Whether silence is a sign: a silo in this very process is there as long as the process is.</summary>
    private bool SilosAreElsewhere => options.Value.Mode == ClusterMode.Client;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Nobody was heard yet: until then there is nobody to call.
        _answeredAt = TimeProvider.System.GetTimestamp();
        Judge(starting: true);
        using var timer = new PeriodicTimer(Interval);
        do
        {
            Volatile.Write(ref _tick, TimeProvider.System.GetTimestamp());
            Ask();
            Judge(starting: false);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Asks now: a call has just been told that the store does not answer.</summary>
    public void Ask()
    {
        if (Interlocked.Increment(ref _inFlight) > MostInFlight)
        {
            Interlocked.Decrement(ref _inFlight);
            return;
        }

        _ = AskAsync();
    }

    private async Task AskAsync()
    {
        try
        {
            var sight = await LookAsync().WaitAsync(Patience);
            lock (_lock)
            {
                _answeredAt = TimeProvider.System.GetTimestamp();
                _heard[sight.Silo] = new Heard(sight, _answeredAt);
            }

            Judge(starting: false);
        }
        catch (Exception error)
        {
            // Of whatever kind, before the client has started also unusual ones: there was no answer, and that is all it says.
            Log.NoAnswer(logger, error);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task<SiloSight> LookAsync()
    {
        try
        {
            // Orleans gives each key a silo to enter by, in turn.
            return await grains.GetGrain<ISiloSight>((uint)Interlocked.Increment(ref _asked) % Keys).Look();
        }
        catch (ArgumentException)
        {
            // No silo knows the question: they are of the version before, or none is known yet.
            await grains.GetGrain<IApplicationQueries>(0).Ping();
            return new SiloSight("of a former version", true);
        }
    }

    private void Judge(bool starting)
    {
        lock (_lock)
        {
            foreach (var (silo, heard) in _heard)
            {
                if (TimeProvider.System.GetElapsedTime(heard.At) > Counts)
                {
                    _heard.Remove(silo);
                }
            }

            var silent = starting || TimeProvider.System.GetElapsedTime(_answeredAt) > TimeSpan.FromSeconds(options.Value.SilenceSeconds);
            string? trouble = null;
            if (SilosAreElsewhere && silent)
            {
                trouble = ClusterState.NoSilo;
            }
            else if (SilosAreElsewhere && _heard.Count == 0)
            {
                // Still as it was: a silo may answer yet.
                trouble = state.Trouble;
            }
            else if (_heard.Count > 0 && _heard.Values.All(static heard => !heard.Sight.StoreAnswers))
            {
                trouble = ClusterState.StoreOut;
            }

            var stuck = _heard.Values.Select(static heard => heard.Sight.Trouble).FirstOrDefault(static words => words is not null);
            if (state.Set(trouble, stuck))
            {
                Log.Changed(logger, trouble ?? "Calls are served.");
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2111, LogLevel.Debug, "No silo answered the question how it is")]
        public static partial void NoAnswer(ILogger logger, Exception error);

        [LoggerMessage(2112, LogLevel.Warning, "The cluster has changed: {Words}")]
        public static partial void Changed(ILogger logger, string words);
    }
}
