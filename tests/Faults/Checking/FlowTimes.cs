using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>How long the flow took to come back after a fault.</summary>
/// <param name="Milliseconds">The longest over all endpoints that got a new message before the next fault began; null when none did.</param>
/// <param name="CutShort">Endpoints for which a message was accepted after the fault, that had got none when the next fault began.</param>
internal readonly record struct Flow(double? Milliseconds, int CutShort);

/// <summary>
/// The time to flow of each fault: from its end to the first arrival, answered 2xx, of a message that was sent after its
/// end, at each endpoint, as far as it came before the next fault began.
/// </summary>
internal static class FlowTimes
{
    public static Flow[] Measure(HistoryIndex index, FaultWindows faults)
    {
        var flows = new Flow[faults.Count];
        foreach (var endpoint in index.Endpoints)
        {
            Measure(endpoint, faults, flows);
        }

        return flows;
    }

    private static void Measure(EndpointView endpoint, FaultWindows faults, Flow[] flows)
    {
        var received = endpoint.Deliveries.Where(static d => d.Event is not null)
            .SelectMany(static d => d.Requests.Where(static r => r.IsSuccess).Select(r => (r.ArrivedAt, d.Event!.SentAt)))
            .Order().ToArray();
        var sent = endpoint.Deliveries.Where(static d => d.Event is { Outcome: PublishOutcome.Accepted })
            .Select(static d => d.Event!).OrderBy(static e => e.SentAt).ToArray();
        var (nextReceived, nextSent) = (0, 0);
        for (var place = 0; place < faults.Count; place++)
        {
            // Faults may overlap: then this one has no time of its own. Their windows follow each other, so both lists are read once.
            var (from, until) = (faults[place].Until, place + 1 < faults.Count ? faults[place + 1].From : double.PositiveInfinity);
            if (until <= from)
            {
                continue;
            }

            for (; nextReceived < received.Length && (received[nextReceived].ArrivedAt < from || received[nextReceived].SentAt < from); nextReceived++)
            {
                if (received[nextReceived].ArrivedAt >= until)
                {
                    break;
                }
            }

            for (; nextSent < sent.Length && sent[nextSent].SentAt < from; nextSent++)
            {
            }

            if (nextReceived < received.Length && received[nextReceived].ArrivedAt is var arrived && arrived >= from && arrived < until)
            {
                flows[place] = flows[place] with { Milliseconds = Math.Max(flows[place].Milliseconds ?? 0, arrived - from) };
            }
            else if (nextSent < sent.Length && sent[nextSent].AnsweredAt < until)
            {
                flows[place] = flows[place] with { CutShort = flows[place].CutShort + 1 };
            }
        }
    }
}
