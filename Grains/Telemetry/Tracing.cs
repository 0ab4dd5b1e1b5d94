using System.Diagnostics;

namespace Webhooks.Grains.Telemetry;

/// <summary>
/// The spans of the engine. Much of its work is done for many publishes together, or long after the call that asked for it
/// has ended, so that a span's parent is always named and never the one that happens to be current. While nobody listens
/// no span is started and no context is carried.
/// </summary>
internal static class Tracing
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "Webhooks";

    /// <summary>As many as the SDK keeps by default.</summary>
    private const int MostLinks = 128;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody listens.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>The current span as a W3C <c>traceparent</c>; null when there is none, or nobody listens.</summary>
    public static string? Capture() => Source.HasListeners() && Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>A span below the given one; a root without one. Call it in the async method that ends the span.</summary>
    public static Activity? Start(string name, ActivityKind kind, string? parent)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        Activity.Current = null;
        return Source.StartActivity(name, kind, Parse(parent));
    }

    /// <summary>
    /// A span of work done for several traces together: below the first of them that is recorded, with links to the others.
    /// Null, and no span current, when none is. Call it in the async method that ends the span.
    /// </summary>
    public static Activity? StartShared(string name, ActivityKind kind, IEnumerable<string?> traces)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        Activity.Current = null;
        ActivityContext parent = default;
        ActivityContext last = default;
        List<ActivityLink>? links = null;
        foreach (var trace in traces)
        {
            var context = Parse(trace);
            // Messages of one batch have one context; they stand beside each other.
            if (!context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) || context == last)
            {
                continue;
            }

            last = context;
            if (parent == default)
            {
                parent = context;
            }
            else if ((links ??= []).Count < MostLinks)
            {
                links.Add(new ActivityLink(context));
            }
        }

        return parent == default ? null : Source.StartActivity(kind, parent, links: links, name: name);
    }

    /// <summary>Until it is disposed of, what is started belongs to no span: it outlives the current one, and serves others too.</summary>
    public static Apart StepOut() => new(Activity.Current);

    private static ActivityContext Parse(string? traceParent) =>
        traceParent is not null && ActivityContext.TryParse(traceParent, null, isRemote: true, out var context) ? context : default;

    /// <summary>See <see cref="StepOut"/>.</summary>
    internal readonly ref struct Apart
    {
        private readonly Activity? _left;

        public Apart(Activity? left)
        {
            _left = left;
            if (left is not null)
            {
                Activity.Current = null;
            }
        }

        public void Dispose()
        {
            if (_left is not null)
            {
                Activity.Current = _left;
            }
        }
    }
}
