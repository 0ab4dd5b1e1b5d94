using Webhooks.Faults.Histories;
using Webhooks.Faults.Injection;
using Webhooks.Faults.Recording;

namespace Webhooks.Faults.Running;

/// <summary>Does one fault after the other, and measures how long the system takes to flow again.</summary>
internal sealed class Injector(Stage stage, Random random)
{
    private static readonly TimeSpan FlowPatience = TimeSpan.FromSeconds(90);

    private readonly List<InjectedFault> _faults = [];
    private readonly List<string> _findings = [];

    public IReadOnlyList<InjectedFault> Faults => _faults;

    /// <summary>What faults brought to light that histories do not show.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>Injects a fault, heals it after its time and waits until everything flows.</summary>
    public async Task<InjectedFault> InjectAsync(IFault fault, CancellationToken cancellationToken)
    {
        var from = stage.Clock.Now;
        var harm = await fault.InjectAsync(stage.Topology, random, cancellationToken);
        var until = stage.Clock.Now;
        var watch = stage.NewWatch(until);
        var watching = stage.Recorder.Watch(watch);
        try
        {
            await Task.Delay(harm.Lasts, cancellationToken);
        }
        finally
        {
            await harm.HealAsync(CancellationToken.None);
        }

        if (harm.Lasts > TimeSpan.Zero)
        {
            until = stage.Clock.Now;
        }

        if (harm.Ends == HarmEnds.WhenHealed)
        {
            watching.Dispose();
            watch = stage.NewWatch(until);
            watching = stage.Recorder.Watch(watch);
        }

        using (watching)
        {
            var flow = await FlowAsync(watch, cancellationToken);
            var detail = flow is null ? $"{harm.Detail}; nothing new came to {watch.Waiting}" : harm.Detail;
            if (harm.ConcludeAsync is not null && await harm.ConcludeAsync(cancellationToken) is { } finding)
            {
                detail += "; " + finding;
                _findings.Add($"fault {_faults.Count + 1}, {fault.Kind}: {finding}");
            }

            var injected = new InjectedFault(_faults.Count + 1, fault.Kind, detail, from, until, fault.LosesOutcomes, flow?.Any, flow?.New);
            _faults.Add(injected);
            return injected;
        }
    }

    private static async Task<Flow?> FlowAsync(FlowWatch watch, CancellationToken cancellationToken)
    {
        try
        {
            return await watch.FlowsAsync(FlowPatience, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The run goes on: what stands still now may be found by the judgement at the end.
            return null;
        }
    }
}
