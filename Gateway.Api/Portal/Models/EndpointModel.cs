using System.Text.Json;

namespace Webhooks.Gateway.Api.Portal.Models;

/// <summary>An endpoint as the API shows it, also with what came of one message there.</summary>
public sealed record EndpointModel
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The name that its owner gave it.</summary>
    public string? Uid { get; init; }

    /// <summary>Where it is.</summary>
    public required string Url { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether it is switched off.</summary>
    public bool Disabled { get; init; }

    /// <summary>Whether it is held back.</summary>
    public bool Paused { get; init; }

    /// <summary>What it wants; null for everything.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>The channels that it wants; null for all.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Deliveries per second at most.</summary>
    public int? ThrottleRate { get; init; }

    /// <summary>strict, key or none.</summary>
    public string Ordering { get; init; } = "strict";

    /// <summary>Attempts at a time, where the order allows several.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>Its filter on payloads.</summary>
    public JsonElement? Filter { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What came of a message there: 0 delivered, 2 failed, 3 on its way.</summary>
    public int? Status { get; init; }

    /// <summary>When that message is tried next.</summary>
    public DateTimeOffset? NextAttempt { get; init; }
}
