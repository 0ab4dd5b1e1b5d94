using System.Text.Json.Nodes;
using Webhooks.Faults.Histories;
using Webhooks.Faults.Listing;
using Webhooks.Faults.Receiving;

namespace Webhooks.Faults.Publishing;

/// <summary>The applications, event types and endpoints of a run.</summary>
/// <param name="Applications">Ids.</param>
/// <param name="EventTypes">Names.</param>
internal sealed record World(IReadOnlyList<string> Applications, IReadOnlyList<string> EventTypes, IReadOnlyList<SubscribedEndpoint> Endpoints)
{
    private const int Types = 4;

    /// <summary>What the endpoints of each application want: all in strict order, and less in each mode.</summary>
    private static readonly (OrderMode Order, int[] Types)[] Plan =
    [
        (OrderMode.Strict, []),
        (OrderMode.Strict, [0]),
        (OrderMode.Key, [1, 2]),
        (OrderMode.None, [3]),
    ];

    public static async Task<World> CreateAsync(Api api, ReceiverFarm receivers, int applications, CancellationToken cancellationToken)
    {
        var types = Enumerable.Range(0, Types).Select(static number => $"type{number}").ToArray();
        foreach (var type in types)
        {
            await api.CreateAsync("event-type", new JsonObject { ["name"] = type, ["description"] = "" }, cancellationToken);
        }

        var ids = new List<string>();
        var endpoints = new List<SubscribedEndpoint>();
        for (var number = 0; number < applications; number++)
        {
            var application = await api.CreateAsync("app", new JsonObject { ["name"] = $"application {number}" }, cancellationToken);
            ids.Add(application);
            foreach (var (order, wanted) in Plan)
            {
                endpoints.Add(await CreateEndpointAsync(api, receivers, application, order, [.. wanted.Select(type => types[type])], cancellationToken));
            }
        }

        return new World(ids, types, endpoints);
    }

    private static async Task<SubscribedEndpoint> CreateEndpointAsync(
        Api api, ReceiverFarm receivers, string application, OrderMode order, string[] types, CancellationToken cancellationToken)
    {
        var url = receivers.NewUrl();
        var secret = Signature.NewSecret();
        var body = new JsonObject
        {
            ["url"] = url.AbsoluteUri,
            ["secret"] = secret,
            ["ordering"] = order switch { OrderMode.Strict => "strict", OrderMode.Key => "key", _ => "none" },
        };
        if (types.Length > 0)
        {
            body["eventTypes"] = new JsonArray([.. types.Select(static type => (JsonNode)type)]);
        }

        var id = await api.CreateAsync($"app/{application}/endpoint", body, cancellationToken);
        receivers.Expect(url, secret, id);
        return new SubscribedEndpoint(id, application, order, types);
    }
}
