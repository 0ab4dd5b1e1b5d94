namespace Webhooks.Grains.Interfaces.Endpoints;

/// <summary>What order an endpoint's deliveries keep.</summary>
public enum OrderingMode
{
    /// <summary>One attempt in flight; no message is tried before every earlier one is settled.</summary>
    Strict = 0,

    /// <summary>Strict within an ordering key, keys in parallel.</summary>
    Key = 1,

    /// <summary>Each message by itself.</summary>
    None = 2,
}

/// <summary>An endpoint: a receiver's URL with its filters, secret and order.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.EndpointDetails")]
public sealed record EndpointDetails
{
    /// <summary>Text id, <c>ep_…</c>.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Text id of its application.</summary>
    [Id(1)] public required string ApplicationId { get; init; }

    /// <summary>Its number within the application, never used twice; what a message's recipients are stored by.</summary>
    [Id(2)] public required int Ordinal { get; init; }

    /// <summary>The publisher's own name for it, unique within the application.</summary>
    [Id(3)] public string? Uid { get; init; }

    /// <summary>Where deliveries are posted to: absolute, http or https.</summary>
    [Id(4)] public required string Url { get; init; }

    /// <summary>Text for people.</summary>
    [Id(5)] public string Description { get; init; } = "";

    /// <summary>Event types it wants, names and patterns such as <c>lead.*</c>; null for all.</summary>
    [Id(6)] public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>Channels it wants; null for all.</summary>
    [Id(7)] public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Headers added to every delivery.</summary>
    [Id(8)] public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The publisher's own labels.</summary>
    [Id(9)] public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Keys that sign, the current one first.</summary>
    [Id(10)] public required IReadOnlyList<EndpointSecret> Secrets { get; init; }

    /// <summary>Deliveries per second at most, null for no limit.</summary>
    [Id(11)] public int? ThrottleRate { get; init; }

    /// <summary>Whether deliveries wait.</summary>
    [Id(12)] public bool Disabled { get; init; }

    /// <summary>The contract's deprecated version number, ≥ 1.</summary>
    [Id(13)] public int Version { get; init; } = 1;

    /// <summary>What order deliveries keep.</summary>
    [Id(14)] public OrderingMode Ordering { get; init; }

    /// <summary>Attempts in flight at most when the order allows several; null for the default.</summary>
    [Id(15)] public int? MaxInFlight { get; init; }

    /// <summary>Seconds between attempts, null for the default schedule.</summary>
    [Id(16)] public IReadOnlyList<int>? RetrySchedule { get; init; }

    /// <summary>When it was created.</summary>
    [Id(17)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last written.</summary>
    [Id(18)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The payload filter as its JSON text; null for none.</summary>
    [Id(19)] public string? Filter { get; init; }

    /// <summary>Whether an operator has paused it: deliveries wait, as while it is disabled.</summary>
    [Id(20)] public bool Paused { get; init; }

    /// <summary>Whether deliveries wait, for whichever reason.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Holds => Disabled || Paused;

    /// <summary>Without its URL, its keys and its headers: for logs.</summary>
    public override string ToString() => nameof(EndpointDetails) + " " + Id;
}

/// <summary>A signing key.</summary>
/// <param name="Key"><c>whsec_…</c> (HMAC-SHA256) or <c>whsk_…</c> (ed25519).</param>
/// <param name="ExpiresAt">Until when it signs beside the current one; null for the current one.</param>
/// <param name="Rotation">The rotation that brought it in, by which its repeat is recognized; null for the first key.</param>
[GenerateSerializer, Immutable, Alias("webhooks.EndpointSecret")]
public sealed record EndpointSecret([property: Id(0)] string Key, [property: Id(1)] DateTimeOffset? ExpiresAt = null, [property: Id(2)] Guid? Rotation = null)
{
    /// <summary>Without the key: for logs.</summary>
    public override string ToString() => nameof(EndpointSecret);
}

/// <summary>A change of an endpoint, and with every field set also its creation.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.EndpointChange")]
public sealed record EndpointChange
{
    /// <summary>The publisher's own name for it.</summary>
    [Id(0)] public Change<string?> Uid { get; init; }

    /// <summary>Where deliveries are posted to.</summary>
    [Id(1)] public Change<string> Url { get; init; }

    /// <summary>Text for people.</summary>
    [Id(2)] public Change<string> Description { get; init; }

    /// <summary>Event types it wants; each must exist and not be archived, but a pattern such as <c>lead.*</c> needs none.</summary>
    [Id(3)] public Change<IReadOnlyList<string>?> EventTypes { get; init; }

    /// <summary>Channels it wants.</summary>
    [Id(4)] public Change<IReadOnlyList<string>?> Channels { get; init; }

    /// <summary>Headers added to every delivery.</summary>
    [Id(5)] public Change<IReadOnlyDictionary<string, string>?> Headers { get; init; }

    /// <summary>The publisher's own labels.</summary>
    [Id(6)] public Change<IReadOnlyDictionary<string, string>?> Metadata { get; init; }

    /// <summary>A signing key of the caller's; at creation null makes one.</summary>
    [Id(7)] public Change<string?> Secret { get; init; }

    /// <summary>Deliveries per second at most.</summary>
    [Id(8)] public Change<int?> ThrottleRate { get; init; }

    /// <summary>Whether deliveries wait.</summary>
    [Id(9)] public Change<bool> Disabled { get; init; }

    /// <summary>The contract's deprecated version number.</summary>
    [Id(10)] public Change<int> Version { get; init; }

    /// <summary>What order deliveries keep.</summary>
    [Id(11)] public Change<OrderingMode> Ordering { get; init; }

    /// <summary>Attempts in flight at most.</summary>
    [Id(12)] public Change<int?> MaxInFlight { get; init; }

    /// <summary>Seconds between attempts.</summary>
    [Id(13)] public Change<IReadOnlyList<int>?> RetrySchedule { get; init; }

    /// <summary>The payload filter as its JSON text.</summary>
    [Id(14)] public Change<string?> Filter { get; init; }

    /// <summary>Without its URL and its key: for logs.</summary>
    public override string ToString() => nameof(EndpointChange);
}
