using System.Diagnostics;
using Webhooks.Grains.Telemetry;

namespace Webhooks.Grains.Tests.Telemetry;

/// <summary>What is kept out of traces.</summary>
public sealed class SpanFilterTests
{
    [Theory]
    [InlineData(SpanFilter.Npgsql)]
    [InlineData(SpanFilter.Grains)]
    public void Statements_and_calls_that_belong_to_nothing_are_not_recorded_nor_what_is_below_them(string source)
    {
        using var spans = new ActivitySource(source);
        using var listener = Listen(source);
        using var filter = new SpanFilter();

        using var root = spans.StartActivity("housekeeping")!;
        filter.OnStart(root);
        Assert.False(root.Recorded || root.IsAllDataRequested);
        // What another process is told.
        Assert.EndsWith("-00", root.Id, StringComparison.Ordinal);
    }

    [Fact]
    public void What_belongs_to_something_is_recorded()
    {
        using var spans = new ActivitySource(SpanFilter.Npgsql);
        using var listener = Listen(SpanFilter.Npgsql);
        using var filter = new SpanFilter();
        using var request = new Activity("request").Start();

        using var statement = spans.StartActivity("statement")!;
        filter.OnStart(statement);
        Assert.True(statement.Recorded);
    }

    [Fact]
    public void Messages_of_exceptions_are_left_out_and_statements_cut_short()
    {
        using var filter = new SpanFilter();
        using var span = new Activity("call").SetTag("exception.message", "secret").SetTag("exception.type", "T").SetTag("db.npgsql.data_source", "Host=db;Username=u")
            .SetTag("db.query.text", new string('x', 5000)).SetStatus(ActivityStatusCode.Error, "secret").Start();
        filter.OnEnd(span);

        Assert.Equal(["db.query.text", "exception.type"], span.TagObjects.Select(static t => t.Key).Order(StringComparer.Ordinal));
        Assert.Equal(201, ((string)span.GetTagItem("db.query.text")!).Length);
        Assert.Equal((ActivityStatusCode.Error, null), (span.Status, span.StatusDescription));
    }

    private static ActivityListener Listen(string source)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name == source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
