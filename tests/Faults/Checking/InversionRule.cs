namespace Webhooks.Faults.Checking;

/// <summary>
/// Within a lane no message arrives before every earlier one has succeeded or been given up. No fault excuses it: going
/// back repeats what had succeeded, which inverts nothing.
/// </summary>
internal static class InversionRule
{
    public static void Judge(HistoryIndex index, FaultWindows faults, Findings findings)
    {
        foreach (var endpoint in index.Endpoints)
        {
            foreach (var lane in endpoint.Lanes())
            {
                Judge(endpoint, lane, faults, findings);
            }
        }
    }

    private static void Judge(EndpointView endpoint, IReadOnlyList<Delivery> lane, FaultWindows faults, Findings findings)
    {
        // Of all that is earlier in the lane, the one that was settled last: when it does not stand in the way, none does.
        Delivery? last = null;
        var lastAt = double.NegativeInfinity;
        foreach (var delivery in lane)
        {
            if (last is not null)
            {
                foreach (var request in delivery.Requests)
                {
                    if (lastAt > request.ArrivedAt)
                    {
                        findings.Add(ViolationKind.Inversion, endpoint, delivery,
                            $"endpoint {endpoint.Endpoint.Id} got {Words.Of(delivery)} ({Words.Of(request)}) before the earlier {Words.Of(last)} of {LaneName(endpoint, delivery)} was settled: {Settled(last, lastAt)}");
                    }
                }
            }

            if (Settlement.At(delivery, faults) is var settledAt && settledAt > lastAt)
            {
                (last, lastAt) = (delivery, settledAt);
            }
        }
    }

    public static string LaneName(EndpointView endpoint, Delivery delivery) => endpoint.Endpoint.Order == Histories.OrderMode.Strict
        ? "its only lane"
        : delivery.Event?.OrderingKey is { } key ? $"the lane of key '{key}'" : "the lane without a key";

    private static string Settled(Delivery delivery, double at) => double.IsPositiveInfinity(at)
        ? $"it never was, in {delivery.Requests.Count} requests"
        : $"it was at {Words.At(at)}{(delivery.IsDeadLetter ? ", as a dead letter" : "")}";
}
