using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>
/// A lane has one request in flight, except where a fault took the first one's sender away: the first request was under
/// way in the fault's window, and the second came after the fault began.
/// </summary>
/// <remarks>
/// A request is in flight until its answer, or until an attempt's deadline when the answer came later. Nobody can tell
/// from outside when one without an answer ended, so that it overlaps nothing.
/// </remarks>
internal static class OverlapRule
{
    public static void Judge(HistoryIndex index, FaultWindows faults, CheckerLimits limits, Findings findings)
    {
        foreach (var endpoint in index.Endpoints)
        {
            foreach (var lane in endpoint.Lanes())
            {
                var requests = lane.SelectMany(static d => d.Requests.Select(r => (Request: r, Delivery: d)))
                    .OrderBy(static r => r.Request.ArrivedAt).ThenBy(static r => r.Request.Order);
                Judge(endpoint, requests, faults, limits, findings);
            }
        }
    }

    private static void Judge(
        EndpointView endpoint, IEnumerable<(ReceivedRequest Request, Delivery Delivery)> requests, FaultWindows faults, CheckerLimits limits, Findings findings)
    {
        var inFlight = new List<(ReceivedRequest Request, Delivery Delivery, double End)>();
        foreach (var (request, delivery) in requests)
        {
            inFlight.RemoveAll(r => r.End <= request.ArrivedAt);
            foreach (var first in inFlight)
            {
                if (faults.Explains(first.Request.ArrivedAt, first.End, seen: request.ArrivedAt) is not null)
                {
                    findings.AllowedOverlaps++;
                    continue;
                }

                findings.Add(ViolationKind.Overlap, endpoint, delivery,
                    $"endpoint {endpoint.Endpoint.Id} got {Words.Of(delivery)} ({Words.Of(request)}) while {Words.Of(first.Delivery)} of {InversionRule.LaneName(endpoint, delivery)} was in flight ({Words.Of(first.Request)}), and no fault explains it; {faults.Nearest(request.ArrivedAt)}");
            }

            if (request.AnsweredAt is { } answered)
            {
                inFlight.Add((request, delivery, Math.Min(answered, request.ArrivedAt + limits.AttemptTimeout)));
            }
        }
    }
}
