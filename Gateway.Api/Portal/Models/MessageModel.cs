using System.Text.Json;

namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>A message as the API shows it; in lists of an endpoint also what came of it there, or why it was given up.</summary>
public sealed record MessageModel
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The publisher's id of it.</summary>
    public string? EventId { get; init; }

    /// <summary>Its type.</summary>
    public required string EventType { get; init; }

    /// <summary>Its channels.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Its content.</summary>
    public JsonElement Payload { get; init; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>When it is to be sent, if it was scheduled.</summary>
    public DateTimeOffset? DeliverAt { get; init; }

    /// <summary>What it is kept in order with.</summary>
    public string? OrderingKey { get; init; }

    /// <summary>0 delivered, 2 failed, 3 on its way.</summary>
    public int? Status { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>Why it was given up.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset? DeadAt { get; init; }
}
