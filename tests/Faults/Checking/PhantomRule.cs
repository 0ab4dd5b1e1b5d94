using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>Nothing is received that was not published, or not by this id, or not for this endpoint. A wrong request has one reason, the first.</summary>
internal sealed class PhantomRule(HistoryIndex index, Findings findings)
{
    private readonly Dictionary<int, string> _ids = [];
    private readonly Dictionary<(string Application, string Id), int> _numbers = [];
    private readonly HashSet<(string, string, int)> _reported = [];

    public void Judge()
    {
        foreach (var published in index.History.Published)
        {
            if (published.MessageId is { } id)
            {
                _ids[published.Number] = id;
                if (!_numbers.TryAdd((published.Application, id), published.Number))
                {
                    findings.Add(ViolationKind.Phantom, null, id, published.Number,
                        $"events {_numbers[(published.Application, id)]} and {published.Number} were both answered with the message {id}");
                }
            }
        }

        foreach (var request in index.Requests)
        {
            Judge(request);
        }

        foreach (var letter in index.History.DeadLetters)
        {
            if (!index.Belongs(letter.Endpoint, letter.MessageId))
            {
                findings.Add(ViolationKind.Phantom, letter.Endpoint, letter.MessageId, null,
                    $"endpoint {letter.Endpoint} lists a dead letter ({letter.Reason}) of message {letter.MessageId}, which does not belong to it");
            }
        }
    }

    private void Judge(ReceivedRequest request)
    {
        if (request.Invalid is not null && request.Number < 0)
        {
            return; // Its payload could not be read: said by the rule of signatures.
        }

        var published = index.FindEvent(request.Number);
        var endpoint = index.FindEndpoint(request.Endpoint);
        var reason = published is null ? $"event {request.Number} was never published"
            : endpoint is null ? "there is no such endpoint"
            : published.Application != endpoint.Endpoint.Application ? $"{Words.Of(published)} is of another application than {endpoint.Endpoint.Application}"
            : !endpoint.Wants(published.EventType) ? $"{Words.Of(published)} is of a type that this endpoint did not ask for ({string.Join(", ", endpoint.Endpoint.EventTypes)})"
            : published.Outcome == PublishOutcome.Refused ? $"{Words.Of(published)} was refused"
            : request.ArrivedAt < published.SentAt ? $"{Words.Of(published)} was sent later"
            : WrongId(request, published) ?? NotInLog(request, published);
        if (reason is { Length: > 0 })
        {
            findings.Add(ViolationKind.Phantom, request, $"endpoint {request.Endpoint} got event {request.Number} as message {request.MessageId} ({Words.Of(request)}), but {reason}");
        }
    }

    /// <summary>Id and number belong together, once and for all; a pair that does not is told once, and empty after that.</summary>
    private string? WrongId(ReceivedRequest request, PublishedEvent published)
    {
        var knownId = _ids.TryAdd(request.Number, request.MessageId) ? request.MessageId : _ids[request.Number];
        var key = (published.Application, request.MessageId);
        var knownNumber = _numbers.TryAdd(key, request.Number) ? request.Number : _numbers[key];
        if (knownNumber == request.Number && knownId == request.MessageId)
        {
            return null;
        }

        return !_reported.Add((published.Application, request.MessageId, request.Number)) ? ""
            : knownNumber != request.Number ? $"message {request.MessageId} is event {knownNumber}: one message id carries two numbers"
            : $"event {request.Number} is message {knownId}: one event became two messages";
    }

    /// <summary>An accepted event that is missing from the log is lost, not a phantom; the rule of losses tells it.</summary>
    private string? NotInLog(ReceivedRequest request, PublishedEvent published) =>
        index.PlaceOf(published.Application, request.MessageId) >= 0 || published.Outcome == PublishOutcome.Accepted
            ? null
            : $"{Words.Of(published)} is not in the log";
}
