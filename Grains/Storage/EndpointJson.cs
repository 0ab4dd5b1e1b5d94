using System.Text.Json;
using Webhooks.Grains.Interfaces.Endpoints;
using Webhooks.Grains.Interfaces.EventTypes;

namespace Webhooks.Grains.Storage;

/// <summary>
/// Configuration rows keep what no query looks at as one JSON text, members by name: a new member needs no migration,
/// and a NUL character in a value is an escape, which every store can hold.
/// </summary>
internal static class EndpointJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    public static string Write(EndpointDetails endpoint) => JsonSerializer.Serialize(endpoint, Options);

    public static EndpointDetails Read(string text) => JsonSerializer.Deserialize<EndpointDetails>(text, Options)!;

    public static string Write(EventTypeDetails type) => JsonSerializer.Serialize(type, Options);

    public static EventTypeDetails ReadEventType(string text) => JsonSerializer.Deserialize<EventTypeDetails>(text, Options)!;

    public static string Write(IReadOnlyDictionary<string, string> map) => JsonSerializer.Serialize(map, Options);

    public static IReadOnlyDictionary<string, string> ReadMap(string text) => JsonSerializer.Deserialize<Dictionary<string, string>>(text, Options)!;
}
