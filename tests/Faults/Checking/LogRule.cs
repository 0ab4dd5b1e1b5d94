using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>
/// The log holds each message once, and none that nobody published. An entry of which neither a 202 nor a receiver tells
/// the event is right only while there is an event of unknown outcome for it, of the same application and type.
/// </summary>
internal static class LogRule
{
    /// <returns>Places of entries that have no right to be there.</returns>
    public static IReadOnlySet<int> Judge(HistoryIndex index, Findings findings)
    {
        var phantoms = new HashSet<int>();
        var known = index.Events.Where(static e => e is not null).Select(static e => e!.Number).ToHashSet();
        var unknown = index.History.Published.Where(e => e.Outcome == PublishOutcome.Unknown && !known.Contains(e.Number))
            .CountBy(static e => (e.Application, e.EventType)).ToDictionary();
        var messages = index.History.Messages;
        for (var place = 0; place < messages.Count; place++)
        {
            var (application, id, type) = messages[place];
            var first = index.PlaceOf(application, id);
            if (first != place)
            {
                findings.Add(ViolationKind.Phantom, null, id, index.Events[place]?.Number, $"the log of {application} lists message {id} twice, as entries {first} and {place} of the history");
            }
            else if (index.Events[place] is { } published)
            {
                if (published.EventType != type)
                {
                    findings.Add(ViolationKind.Phantom, null, id, published.Number, $"the log of {application} lists message {id} as {type}, but {Words.Of(published)} is of another type");
                }
            }
            else if (unknown.GetValueOrDefault((application, type)) is var left and > 0)
            {
                unknown[(application, type)] = left - 1;
            }
            else
            {
                phantoms.Add(place);
                findings.Add(ViolationKind.Phantom, null, id, null,
                    $"the log of {application} holds message {id} ({type}): nobody was answered 202 for it, no receiver got it, and no event of unknown outcome is left for it");
            }
        }

        return phantoms;
    }
}
