using System.Text.Json;
using System.Text.Json.Serialization;
using Webhooks.Grains.Interfaces;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Grains.Storage;

/// <summary>A recovery's task as the stores keep it: JSON text, members by name, so that a new member needs no migration.</summary>
internal static class RecoveryText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static string Write(RecoverTask task) => JsonSerializer.Serialize(task, Options);

    public static RecoverTask Read(string text) => JsonSerializer.Deserialize<RecoverTask>(text, Options)!;

    /// <summary>Whose it is.</summary>
    /// <exception cref="ArgumentException">The task does not name an application and an endpoint.</exception>
    public static (Guid Application, Guid Endpoint) Ids(RecoverTask task) =>
        EntityId.TryParse(EntityId.Application, task.ApplicationId, out var application) && EntityId.TryParse(EntityId.Endpoint, task.EndpointId, out var endpoint)
            ? (application, endpoint)
            : throw new ArgumentException("Not the ids of an application and an endpoint.", nameof(task));
}
