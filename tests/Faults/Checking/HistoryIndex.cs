using Webhooks.Faults.Histories;

namespace Webhooks.Faults.Checking;

/// <summary>A history with everything in its place: what belongs to which message at which endpoint.</summary>
internal sealed class HistoryIndex
{
    private readonly Dictionary<string, EndpointView> _byId;
    private readonly Dictionary<int, PublishedEvent> _published = [];
    private readonly Dictionary<(string Application, string MessageId), PublishedEvent> _accepted = [];
    private readonly Dictionary<(string Application, string MessageId), int> _places = [];

    public HistoryIndex(History history)
    {
        History = history;
        Endpoints = [.. history.Endpoints.Select(static e => new EndpointView(e))];
        _byId = Endpoints.ToDictionary(static e => e.Endpoint.Id);
        foreach (var published in history.Published)
        {
            if (!_published.TryAdd(published.Number, published))
            {
                throw new InvalidDataException($"Two events of the history have the number {published.Number}.");
            }

            if (published is { Outcome: PublishOutcome.Accepted, MessageId: { } id })
            {
                _accepted.TryAdd((published.Application, id), published);
            }
        }

        Requests = [.. history.Received.OrderBy(static r => r.ArrivedAt).ThenBy(static r => r.Order)];
        Events = new PublishedEvent?[history.Messages.Count];
        FillLog();
        FillDeliveries();
    }

    public History History { get; }

    public IReadOnlyList<EndpointView> Endpoints { get; }

    /// <summary>All requests in the order of arrival.</summary>
    public IReadOnlyList<ReceivedRequest> Requests { get; }

    /// <summary>The event behind each entry of <see cref="History.Messages"/>; null when nobody can tell it.</summary>
    public PublishedEvent?[] Events { get; }

    public EndpointView? FindEndpoint(string id) => _byId.GetValueOrDefault(id);

    public PublishedEvent? FindEvent(int number) => _published.GetValueOrDefault(number);

    /// <summary>The event that was answered 202 with this id.</summary>
    public PublishedEvent? FindAccepted(string application, string messageId) => _accepted.GetValueOrDefault((application, messageId));

    /// <summary>The message's place in <see cref="History.Messages"/>, which is also its order in its application's log; -1 when it is not there.</summary>
    public int PlaceOf(string application, string messageId) => _places.GetValueOrDefault((application, messageId), -1);

    /// <summary>Whether a message belongs to an endpoint; also one that is missing from the log although it was accepted, as that is told elsewhere.</summary>
    public bool Belongs(string endpointId, string messageId) => FindEndpoint(endpointId) is { } endpoint
        && (endpoint.Find(messageId) is not null
            || (FindAccepted(endpoint.Endpoint.Application, messageId) is { } published
                && endpoint.Wants(published.EventType) && PlaceOf(published.Application, messageId) < 0));

    private void FillLog()
    {
        for (var place = 0; place < History.Messages.Count; place++)
        {
            var message = History.Messages[place];
            _places.TryAdd((message.Application, message.MessageId), place);
            Events[place] = FindAccepted(message.Application, message.MessageId);
        }

        // The payload tells the event of a message whose publisher was not answered.
        foreach (var request in Requests)
        {
            if (FindEndpoint(request.Endpoint) is { } endpoint && FindEvent(request.Number) is { } published
                && published.Application == endpoint.Endpoint.Application
                && PlaceOf(published.Application, request.MessageId) is var place and >= 0)
            {
                Events[place] ??= published;
            }
        }
    }

    private void FillDeliveries()
    {
        var ofApplication = Endpoints.ToLookup(static e => e.Endpoint.Application);
        for (var place = 0; place < History.Messages.Count; place++)
        {
            var message = History.Messages[place];
            foreach (var endpoint in ofApplication[message.Application])
            {
                if (endpoint.Wants(message.EventType))
                {
                    endpoint.Add(new Delivery(message, Events[place], place));
                }
            }
        }

        foreach (var request in Requests)
        {
            FindEndpoint(request.Endpoint)?.Find(request.MessageId)?.Add(request);
        }

        foreach (var attempt in History.Attempts)
        {
            FindEndpoint(attempt.Endpoint)?.Find(attempt.MessageId)?.Add(attempt);
        }

        foreach (var letter in History.DeadLetters)
        {
            if (FindEndpoint(letter.Endpoint)?.Find(letter.MessageId) is { } delivery)
            {
                delivery.IsDeadLetter = true;
            }
        }
    }
}
