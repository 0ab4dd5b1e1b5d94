using System.Text.Json;

namespace Webhooks.Gateway.Api.Portal.Components.Shared;

/// <summary>The audit log in words.</summary>
internal static class AuditWords
{
    public static string What(string action) => action switch
    {
        "endpoint.paused" => "Paused the endpoint",
        "endpoint.resumed" => "Resumed the endpoint",
        "endpoint.head-skipped" => "Skipped a message",
        "endpoint.purged" => "Purged the queue",
        "endpoint.disabled" => "Disabled the endpoint",
        "endpoint.enabled" => "Enabled the endpoint",
        "endpoint.secret-rotated" => "Rotated the signing secret",
        "recovery.started" => "Started a recovery",
        "recovery.cancelled" => "Cancelled a recovery",
        "message.resent" => "Sent a message again",
        "dead-letters.resent" => "Sent dead letters again",
        _ => action,
    };

    /// <summary>Whose token it was.</summary>
    public static string Who(string actor) =>
        actor.StartsWith("organization ", StringComparison.Ordinal) ? "Operator"
        : actor.StartsWith("application ", StringComparison.Ordinal) ? "Customer"
        : actor;

    /// <summary>What is worth a line of the details: what has a value.</summary>
    public static IEnumerable<(string Name, string Value)> Details(JsonElement details) =>
        details.ValueKind != JsonValueKind.Object
            ? []
            : details.EnumerateObject()
                .Where(static p => p.Value.ValueKind is not JsonValueKind.Null)
                .Select(static p => (p.Name, p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText()));
}
