using System.Text.Json;

namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>An entry of the audit log as the API lists it.</summary>
public sealed record AuditModel(string Id, string EndpointId, DateTimeOffset Timestamp, string Actor, string? ActorName, string Action, string? Note, JsonElement Details);
