using System.Diagnostics;
using System.Diagnostics.Metrics;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Storage;

namespace Webhooks.Grains.Telemetry;

/// <summary>Measures the commits of a silo: how large, how long, and what became of them.</summary>
internal sealed class CommitMetrics
{
    private readonly Histogram<long> _size;
    private readonly Histogram<double> _duration;

    public CommitMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meters.Name);
        _size = meter.CreateHistogram(
            "webhooks.commit.size",
            "{item}",
            "Messages, or outcomes of attempts, that shared a commit, by kind.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [.. Meters.Items.Select(static items => (long)items)] });
        _duration = meter.CreateHistogram(
            "webhooks.commit.duration",
            "s",
            "From sending a commit to the store's answer, by kind.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Meters.Short });
    }

    /// <summary>Carries a commit out, in a span that belongs to everything the commit is for.</summary>
    /// <param name="kind">What is committed: <c>append</c>, <c>schedule</c>, <c>outcome</c>.</param>
    /// <param name="items">How much of it.</param>
    /// <param name="traces">The traces of the items; enumerated only while somebody listens.</param>
    /// <param name="commit">The commit.</param>
    public async Task<T> MeasureAsync<T>(string kind, int items, IEnumerable<string?> traces, Func<Task<T>> commit)
    {
        using var span = Tracing.StartShared("commit " + kind, ActivityKind.Internal, traces);
        span?.SetTag("webhooks.commit.size", items);
        var started = TimeProvider.System.GetTimestamp();
        var tags = new TagList { { "kind", kind } };
        _size.Record(items, tags);
        try
        {
            return await commit().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            var word = error switch
            {
                StoreUnavailableException => WebhookMetrics.StoreUnavailable,
                StoreContentException => "content",
                _ => "fault",
            };
            tags.Add("error.type", word);
            span?.SetTag("error.type", word).SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            _duration.Record(TimeProvider.System.GetElapsedTime(started).TotalSeconds, tags);
        }
    }
}
