namespace Webhooks.Processes.Tests.Harness;

/// <summary>What the requests to one strict endpoint say about its order, judged by the places of its messages in the log.</summary>
/// <param name="Inversions">Requests for a message while an earlier one was due.</param>
/// <param name="Repeats">Requests for messages that had succeeded before.</param>
/// <param name="StepsBack">How often delivery went back: at most once for each crash of its owner.</param>
/// <param name="Overlaps">Requests that began before the one before them had been answered.</param>
/// <param name="Missing">Messages that never succeeded.</param>
internal sealed record StrictOrder(IReadOnlyList<string> Inversions, int Repeats, int StepsBack, int Overlaps, IReadOnlyList<string> Missing)
{
    /// <param name="queue">Ids of the endpoint's messages in the order of the log.</param>
    /// <param name="arrivals">The requests to the endpoint in the order of arrival.</param>
    public static StrictOrder Judge(IReadOnlyList<string> queue, IEnumerable<Delivery> arrivals)
    {
        var place = queue.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var succeeded = new bool[queue.Count];
        var inversions = new List<string>();
        var (due, repeats, stepsBack, overlaps) = (0, 0, 0, 0);
        double? lastEnd = double.NegativeInfinity;

        foreach (var arrival in arrivals)
        {
            overlaps += lastEnd is null || arrival.StartedAt < lastEnd ? 1 : 0;
            lastEnd = arrival.EndedAt;
            if (!place.TryGetValue(arrival.Id, out var at))
            {
                inversions.Add($"request {arrival.Order} brought {arrival.Id}, which is not in the queue");
                continue;
            }

            if (at > due)
            {
                inversions.Add($"request {arrival.Order} brought entry {at} when entry {due} was due");
            }

            repeats += succeeded[at] ? 1 : 0;
            stepsBack += at < due ? 1 : 0;
            succeeded[at] |= arrival.Succeeded;
            due = arrival.Succeeded ? at + 1 : at;
        }

        return new StrictOrder(inversions, repeats, stepsBack, overlaps, [.. queue.Where((_, at) => !succeeded[at])]);
    }
}
