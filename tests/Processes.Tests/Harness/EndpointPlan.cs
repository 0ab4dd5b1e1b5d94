using Webhooks.Tests.Shared.Processes;

namespace Webhooks.Processes.Tests.Harness;

/// <summary>An application with endpoints that share out its event types, and the judgement over what reached them.</summary>
internal sealed class EndpointPlan
{
    private readonly IReadOnlyList<(string Id, string Path, IReadOnlySet<string> EventTypes)> _endpoints;

    private EndpointPlan(string application, IReadOnlyList<(string, string, IReadOnlySet<string>)> endpoints)
    {
        Application = application;
        _endpoints = endpoints;
    }

    public string Application { get; }

    /// <summary>Creates as many event types as endpoints; endpoint n wants type n and the <paramref name="typesEach"/> - 1 after it.</summary>
    public static async Task<EndpointPlan> CreateAsync(WebhooksApi api, NodeReceiver receiver, int count, int typesEach, CancellationToken cancellationToken)
    {
        var run = Guid.NewGuid().ToString("N")[..8];
        var application = await api.CreateApplicationAsync(run, cancellationToken);
        var types = Enumerable.Range(0, count).Select(number => $"{run}.type{number}").ToArray();
        foreach (var type in types)
        {
            await api.CreateEventTypeAsync(type, cancellationToken);
        }

        var endpoints = new List<(string, string, IReadOnlySet<string>)>();
        for (var number = 0; number < count; number++)
        {
            var wanted = Enumerable.Range(number, typesEach).Select(next => types[next % count]).ToArray();
            var receiving = await receiver.AddAsync($"/{run}/{number}", cancellationToken);
            var id = await api.CreateEndpointAsync(application, receiving.Url, receiving.Secret, cancellationToken, wanted);
            endpoints.Add((id, receiving.Path, wanted.ToHashSet()));
        }

        return new EndpointPlan(application, endpoints) { Types = types };
    }

    private IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>The event type of event <paramref name="number"/>: they take turns.</summary>
    public string EventType(int number) => Types[number % Types.Count];

    /// <summary>How many deliveries <paramref name="events"/> events make, a multiple of the number of endpoints.</summary>
    public int Deliveries(int events) => events * _endpoints[0].EventTypes.Count;

    /// <summary>Paths of the endpoints that have not received everything that was accepted so far.</summary>
    public async Task<IReadOnlyList<string>> WaitingAsync(Publishers publishers, NodeReceiver receiver, CancellationToken cancellationToken)
    {
        var report = await receiver.ReportAsync(cancellationToken);
        var received = _endpoints.ToDictionary(
            endpoint => endpoint.Path,
            endpoint => report.Where(delivery => delivery.Path == endpoint.Path && delivery.Succeeded).Select(delivery => delivery.Id).ToHashSet());
        var accepted = publishers.Accepted;
        return
        [
            .. from endpoint in _endpoints
               where accepted.Any(entry => endpoint.EventTypes.Contains(EventType(entry.Number)) && !received[endpoint.Path].Contains(entry.MessageId))
               select endpoint.Path,
        ];
    }

    /// <summary>Lays the log, what publishers were told, and what the receiver saw beside each other.</summary>
    public async Task<Judgement> JudgeAsync(WebhooksApi api, Publishers publishers, NodeReceiver receiver, CancellationToken cancellationToken)
    {
        var accepted = publishers.Accepted.ToDictionary(entry => entry.MessageId);
        var log = await api.ListMessageIdsAsync(Application, cancellationToken);
        var unasked = log.Where(id => !accepted.ContainsKey(id)).ToList();
        var lost = accepted.Keys.Except(log).ToList();
        var arrivals = (await receiver.ReportAsync(cancellationToken)).ToLookup(delivery => delivery.Path);

        var known = log.Where(accepted.ContainsKey).Select(id => accepted[id]).ToList();
        var endpoints = _endpoints.Select(endpoint =>
        {
            var queue = known.Where(entry => endpoint.EventTypes.Contains(EventType(entry.Number))).Select(entry => entry.MessageId).ToList();
            var received = arrivals[endpoint.Path].ToList();
            return (endpoint.Id, StrictOrder.Judge(queue, received), (IReadOnlyList<Delivery>)received);
        });
        return new Judgement(unasked, lost, AcceptanceOrder.Violations(known), [.. endpoints]);
    }
}

/// <summary>What came of a run.</summary>
/// <param name="Unasked">Messages in the log that no publisher got a 202 for.</param>
/// <param name="Lost">Messages answered 202 that the log does not have.</param>
/// <param name="MisplacedInLog">Events that stand behind one that was sent after their own 202.</param>
internal sealed record Judgement(
    IReadOnlyList<string> Unasked,
    IReadOnlyList<string> Lost,
    IReadOnlyList<Accepted> MisplacedInLog,
    IReadOnlyList<(string Id, StrictOrder Order, IReadOnlyList<Delivery> Arrivals)> Endpoints);
