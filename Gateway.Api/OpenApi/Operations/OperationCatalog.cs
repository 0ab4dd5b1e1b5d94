namespace Webhooks.Gateway.Api.OpenApi.Operations;

/// <summary>
/// All that is documented, by method and route. An entry whose route is not mapped is left out of the document; a mapped route
/// under the API's root without an entry fails a test.
/// </summary>
internal static class OperationCatalog
{
    /// <summary>Served for old clients, or no part of the API; not in the document.</summary>
    public static readonly IReadOnlySet<string> Hidden = new[]
    {
        Key("POST", "/api/v1/auth/dashboard-access/{app}"),
        Key("GET", "/api/v1/app/{app}/msg/{message}/attempt"),
        Key("GET", "/api/v1/app/{app}/msg/{message}/endpoint/{endpoint}/attempt"),
        Key("POST", "/api/v1/admin/redrive-dlq"),
        Key("GET", "/api/v1/openapi.json"),
    }.ToHashSet(StringComparer.Ordinal);

    public static readonly IReadOnlyList<Operation> All =
    [
        .. Tagged("Application", ApplicationOperations.All),
        .. Tagged("Endpoint", EndpointOperations.All),
        .. Tagged("Background Task", BackgroundTaskOperations.All),
        .. Tagged("Event Type", EventTypeOperations.All),
        .. Tagged("Message", MessageOperations.All),
        .. Tagged("Message Attempt", AttemptOperations.All),
        .. Tagged("Authentication", AuthenticationOperations.All),
        .. Tagged("Health", HealthOperations.All),
    ];

    /// <summary>What the operations are sorted under, in this order.</summary>
    public static readonly IReadOnlyList<(string Name, string Description)> Tags =
    [
        ("Application", "Your customers, each with endpoints and messages of its own."),
        ("Endpoint", "URLs that receive an application's messages, with their filters, headers and signing keys."),
        ("Background Task", "Recoveries and replays, which go on after a restart."),
        ("Event Type", "The kinds of messages that endpoints can ask for."),
        ("Message", "Publishing, and what was published."),
        ("Message Attempt", "What became of messages: attempts, and how each stands at each endpoint."),
        ("Authentication", "Tokens for customers."),
        ("Health", "For whoever runs the server. No token is needed."),
    ];

    private static readonly Dictionary<string, Operation> s_byKey = All.ToDictionary(static o => Key(o.Method.Method, o.Route), StringComparer.Ordinal);

    public static Operation? Find(string? method, string? route) =>
        method is null || route is null ? null : s_byKey.GetValueOrDefault(Key(method, route));

    /// <summary>Method and route without what depends on how a handler calls its parameters.</summary>
    public static string Key(string method, string route) =>
        method.ToUpperInvariant() + " /" + string.Join('/', route.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(static part => part.StartsWith('{') ? "{}" : part));

    private static IEnumerable<Operation> Tagged(string tag, IEnumerable<Operation> operations) => operations.Select(o => o.Tagged(tag));
}
