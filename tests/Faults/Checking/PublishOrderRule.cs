using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>If the answer to A came before B was sent to the same application, A is earlier in its log.</summary>
internal static class PublishOrderRule
{
    public static void Judge(HistoryIndex index, Findings findings)
    {
        // From the end of the log: of all that comes later in it, the one that was answered first.
        var firstAnswered = new Dictionary<string, PublishedEvent>();
        for (var place = index.Events.Length - 1; place >= 0; place--)
        {
            if (index.Events[place] is not { } published || index.PlaceOf(published.Application, index.History.Messages[place].MessageId) != place)
            {
                continue;
            }

            var later = firstAnswered.GetValueOrDefault(published.Application);
            if (later is not null && later.AnsweredAt < published.SentAt)
            {
                findings.Add(ViolationKind.PublishOrder, null, index.History.Messages[place].MessageId, published.Number,
                    $"{Words.Of(published)} is earlier in the log than {Words.Of(later)}, which was answered before it was sent");
            }

            if (published.Outcome == PublishOutcome.Accepted && (later is null || published.AnsweredAt < later.AnsweredAt))
            {
                firstAnswered[published.Application] = published;
            }
        }
    }
}
