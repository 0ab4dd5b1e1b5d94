using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Endpoints;

/// <summary>
/// Whose call a message came by. Hints say it and the log does not keep it: what is read from there while its hint is on its
/// way, as it is at every activation, gets it from the hint all the same.
/// </summary>
internal sealed partial class EndpointGrain
{
    private const int MostTraces = 64;

    // By place in the log: of messages that were hinted and are still to be read.
    private readonly Dictionary<long, string> _traces = [];

    private void KeepTraces(DeliveryHint hint)
    {
        foreach (var message in hint.Messages)
        {
            KeepTrace(message);
        }
    }

    private void KeepTrace(LogMessage message)
    {
        if (message.TraceParent is not { } trace)
        {
            return;
        }

        if (_phase == Phase.Running && message.Seq <= _engine.Live.ReadUpTo)
        {
            _engine.Live.Trace(message.Seq, trace);
            return;
        }

        if (_traces.Count >= MostTraces)
        {
            // A queue in the log: by the time these would be read newer ones have come.
            _traces.Clear();
        }

        _traces[message.Seq] = trace;
    }

    /// <summary>A message that was read from the log, with what its hint said.</summary>
    private LogMessage WithTrace(LogMessage message) =>
        _traces.Count > 0 && _traces.Remove(message.Seq, out var trace) ? message with { TraceParent = trace } : message;
}
