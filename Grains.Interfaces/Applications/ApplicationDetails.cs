namespace Webhooks.Grains.Interfaces.Applications;

/// <summary>An application: one customer of the publisher, with a log of its own.</summary>
/// <param name="Id">Text id, <c>app_…</c>.</param>
/// <param name="Uid">The publisher's own name for it, unique within the organization.</param>
/// <param name="Name">Name for people.</param>
/// <param name="ThrottleRate">Messages per second at most, 1 to 65535, null for no limit.</param>
/// <param name="Metadata">The publisher's own labels.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last written.</param>
[GenerateSerializer, Immutable, Alias("webhooks.ApplicationDetails")]
public sealed record ApplicationDetails(
    [property: Id(0)] string Id,
    [property: Id(1)] string? Uid,
    [property: Id(2)] string Name,
    [property: Id(3)] int? ThrottleRate,
    [property: Id(4)] IReadOnlyDictionary<string, string> Metadata,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] DateTimeOffset UpdatedAt);

/// <summary>A change of an application, and with every field set also its creation.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.ApplicationChange")]
public sealed record ApplicationChange
{
    /// <summary>Name for people.</summary>
    [Id(0)] public Change<string> Name { get; init; }

    /// <summary>The publisher's own name for it.</summary>
    [Id(1)] public Change<string?> Uid { get; init; }

    /// <summary>Messages per second at most.</summary>
    [Id(2)] public Change<int?> ThrottleRate { get; init; }

    /// <summary>The publisher's own labels; null means none.</summary>
    [Id(3)] public Change<IReadOnlyDictionary<string, string>?> Metadata { get; init; }
}

/// <summary>
/// How a call named an application. The grain compares it with what it is now: a uid that has moved to another
/// application is answered with <see cref="RefusalKind.NotFound"/>, and the gateway resolves again.
/// </summary>
/// <param name="Organization">The organization of the caller's token.</param>
/// <param name="AddressedBy">The id or uid of the path.</param>
[GenerateSerializer, Immutable, Alias("webhooks.ApplicationAddress")]
public sealed record ApplicationAddress([property: Id(0)] string Organization, [property: Id(1)] string AddressedBy);
