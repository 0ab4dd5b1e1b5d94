using System.Text.Json;
using System.Text.Json.Serialization;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Grains.Storage;

/// <summary>A recovery's task as JSON text, members by name: a new member needs no migration.</summary>
internal static class RecoveryText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static string Write(RecoverTask task) => JsonSerializer.Serialize(task, Options);

    public static RecoverTask Read(string text) => JsonSerializer.Deserialize<RecoverTask>(text, Options)!;
}
