using System.Diagnostics;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Tests.Telemetry;

/// <summary>Whose span is whose.</summary>
public sealed class TracingTests
{
    private const string First = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string Second = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private const string Dropped = "00-00000000000000000000000000000abc-0000000000000abc-00";

    [Fact]
    public void While_nobody_listens_nothing_is_started_and_nothing_allocated()
    {
        string?[] traces = [First, Second];
        using var request = new Activity("somebody else's").SetIdFormat(ActivityIdFormat.W3C).Start();
        Use(traces);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Use(traces);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Same(request, Activity.Current);

        static void Use(string?[] traces)
        {
            Assert.False(Tracing.IsOn);
            Assert.Null(Tracing.Capture());
            Assert.Null(Tracing.Start("attempt", ActivityKind.Client, traces[0]));
            Assert.Null(Tracing.StartShared("hint", ActivityKind.Internal, traces));
        }
    }

    [Fact]
    public void A_span_of_several_is_below_the_first_that_is_recorded_and_linked_to_the_others_once()
    {
        using var listener = Listen();
        using var span = Tracing.StartShared("commit append", ActivityKind.Internal, [null, "nonsense", Dropped, First, First, Second, Second]);
        Assert.Equal(First, span!.ParentId);
        Assert.Equal(["4bf92f3577b34da6a3ce929d0e0e4736"], span.Links.Select(static l => l.Context.TraceId.ToString()));
    }

    [Fact]
    public void Links_have_a_limit()
    {
        using var listener = Listen();
        using var span = Tracing.StartShared("commit append", ActivityKind.Internal, Enumerable.Range(1, 1000).Select(static i => $"00-{i:x32}-{i:x16}-01"));
        Assert.Equal(128, span!.Links.Count());
    }

    [Fact]
    public void Without_a_recorded_trace_there_is_no_span_of_several_and_none_that_is_current()
    {
        using var listener = Listen();
        using var request = new Activity("somebody else's").Start();
        Assert.Null(Tracing.StartShared("hint", ActivityKind.Internal, [null, Dropped]));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void A_span_without_a_parent_is_a_root_whatever_is_current()
    {
        using var listener = Listen();
        using var request = new Activity("somebody else's").Start();
        using var span = Tracing.Start("attempt", ActivityKind.Client, null);
        Assert.Null(span!.ParentId);
    }

    [Fact]
    public void Work_that_outlives_a_call_steps_out_of_its_span_and_leaves_the_caller_in_it()
    {
        using var request = new Activity("a call").Start();
        using (Tracing.StepOut())
        {
            Assert.Null(Activity.Current);
        }

        Assert.Same(request, Activity.Current);
    }

    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Tracing.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
