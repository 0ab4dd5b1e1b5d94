using System.Text.Json;
using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Running;

/// <summary>Lays what was promised beside what was seen.</summary>
internal static class Judging
{
    public static async Task<bool> JudgeAsync(History history, int seed, string folder, CancellationToken cancellationToken)
    {
        await using (var file = File.Create(Path.Combine(folder, "history.json")))
        {
            await JsonSerializer.SerializeAsync(file, history, cancellationToken: cancellationToken);
        }

        var listed = history.Messages.Select(static message => message.MessageId).ToHashSet();
        var accepted = history.Published.Where(static e => e.Outcome == PublishOutcome.Accepted).ToList();
        var succeeded = history.Received.Where(static r => r.Status == 200).Select(static r => (r.Endpoint, r.Number)).ToHashSet();
        var dead = history.DeadLetters.Select(static letter => (letter.Endpoint, letter.MessageId)).ToHashSet();
        var lost = accepted.Count(e => !listed.Contains(e.MessageId!));
        var missing = history.Endpoints.Sum(endpoint => accepted.Count(e =>
            Drain.Wants(endpoint, e) && !succeeded.Contains((endpoint.Id, e.Number)) && !dead.Contains((endpoint.Id, e.MessageId!))));
        var invalid = history.Received.Count(static r => r.Invalid is not null);
        var still = history.Faults.Count(static fault => fault.ToNewFlow is null);
        Console.WriteLine(
            $"seed {seed}: {history.Faults.Count} faults; {accepted.Count} accepted, {history.Published.Count(static e => e.Outcome == PublishOutcome.Refused)} refused, "
            + $"{history.Published.Count(static e => e.Outcome == PublishOutcome.Unknown)} unknown; {history.Received.Count} requests, {history.Attempts.Count} attempts, {dead.Count} dead letters");
        Console.WriteLine($"lost {lost}, missing {missing}, invalid {invalid}, faults after which it stood still {still}");
        var holds = lost + missing + invalid + still == 0;
        Console.WriteLine(holds ? "HOLDS" : "BROKEN");
        return holds;
    }
}
