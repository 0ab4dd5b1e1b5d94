using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>
/// Nothing is lost: what was answered 202 is in the log, and what is in the log was answered 2xx by each endpoint that it
/// belongs to, or is a dead letter there. The second half holds for events of unknown outcome too: everywhere or nowhere.
/// </summary>
internal static class LossRule
{
    public static void Judge(HistoryIndex index, IReadOnlySet<int> phantomPlaces, Findings findings)
    {
        foreach (var published in index.History.Published)
        {
            if (published.Outcome == PublishOutcome.Accepted
                && (published.MessageId is not { } id || index.PlaceOf(published.Application, id) < 0))
            {
                findings.Add(ViolationKind.Lost, null, published.MessageId, published.Number, $"{Words.Of(published)} is not in the log");
            }
        }

        foreach (var endpoint in index.Endpoints)
        {
            foreach (var delivery in endpoint.Deliveries)
            {
                if (!delivery.IsDeadLetter && double.IsPositiveInfinity(delivery.SucceededAt) && !phantomPlaces.Contains(delivery.Place))
                {
                    findings.Add(ViolationKind.Lost, endpoint, delivery, Missing(endpoint, delivery));
                }
            }
        }
    }

    private static string Missing(EndpointView endpoint, Delivery delivery)
    {
        var what = delivery.Event is { } published ? Words.Of(published) : $"message {delivery.Message.MessageId}, in the log without a known event,";
        var tried = delivery.Requests.Count == 0 ? "was never received" : $"got no 2xx in {delivery.Requests.Count} requests, the last one {Words.Of(delivery.Requests[^1])}";
        return $"{what} {tried} at endpoint {endpoint.Endpoint.Id}, and is no dead letter there";
    }
}
