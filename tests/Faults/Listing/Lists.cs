using System.Text.Json.Nodes;
using Webhooks.Faults.Histories;
using Webhooks.Faults.Publishing;

namespace Webhooks.Faults.Listing;

/// <summary>What the API lists at the end of a run.</summary>
internal sealed record Lists(IReadOnlyList<ListedMessage> Messages, IReadOnlyList<ListedAttempt> Attempts, IReadOnlyList<ListedDeadLetter> DeadLetters)
{
    public static async Task<Lists> ReadAsync(Api api, World world, CancellationToken cancellationToken)
    {
        var messages = new List<ListedMessage>();
        foreach (var application in world.Applications)
        {
            var log = new List<ListedMessage>();
            await foreach (var item in api.ListAsync($"app/{application}/msg", cancellationToken))
            {
                log.Add(new ListedMessage(application, Text(item, "id"), Text(item, "eventType")));
            }

            // The API lists the newest first.
            log.Reverse();
            messages.AddRange(log);
        }

        var attempts = new List<ListedAttempt>();
        var deadLetters = new List<ListedDeadLetter>();
        foreach (var endpoint in world.Endpoints)
        {
            await foreach (var item in api.ListAsync($"app/{endpoint.Application}/attempt/endpoint/{endpoint.Id}", cancellationToken))
            {
                attempts.Add(new ListedAttempt(endpoint.Id, Text(item, "msgId"), Text(item, "id"), item["responseStatusCode"]!.GetValue<int>()));
            }

            await foreach (var item in api.ListAsync($"app/{endpoint.Application}/endpoint/{endpoint.Id}/dead-letter", cancellationToken))
            {
                deadLetters.Add(new ListedDeadLetter(endpoint.Id, Text(item, "id"), Text(item, "reason")));
            }
        }

        return new Lists(messages, attempts, deadLetters);
    }

    private static string Text(JsonObject from, string field) => from[field]!.GetValue<string>();
}
