namespace Webhooks.Grains.Interfaces.Cluster;

/// <summary>Which silos there are. A stateless worker: key 0. From memory.</summary>
[Alias("webhooks.ISiloList")]
public interface ISiloList : IGrainWithIntegerKey
{
    /// <summary>The silos that the membership knows, those that live first; not all of the dead.</summary>
    [Alias("List")]
    Task<IReadOnlyList<SiloMember>> List();
}

/// <summary>What one silo has to say of itself. Keyed by the silo's address as <see cref="SiloMember"/> has it, and placed there.</summary>
[Alias("webhooks.ISiloReports")]
public interface ISiloReports : IGrainWithStringKey
{
    /// <summary>How the silo is, from memory; not older than half a second.</summary>
    [Alias("Look")]
    Task<SiloReport> Look();
}

/// <summary>A silo as the membership knows it.</summary>
/// <param name="Address">Its address, with its generation.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">In Orleans' words: <c>Active</c>, <c>Joining</c>, <c>Dead</c> …</param>
/// <param name="Lives">Whether it answers calls, as far as is known.</param>
[GenerateSerializer, Immutable, Alias("webhooks.SiloMember")]
public sealed record SiloMember(
    [property: Id(0)] string Address,
    [property: Id(1)] string Name,
    [property: Id(2)] string Status,
    [property: Id(3)] bool Lives);

/// <summary>An endpoint that has something waiting.</summary>
/// <param name="ApplicationId">Text id of its application.</param>
/// <param name="EndpointId">Its text id.</param>
/// <param name="Since">When the oldest message that waits was accepted.</param>
/// <param name="Messages">Messages that wait, at most: entries of the log that it has not got past.</param>
[GenerateSerializer, Immutable, Alias("webhooks.WaitingEndpoint")]
public sealed record WaitingEndpoint(
    [property: Id(0)] string ApplicationId,
    [property: Id(1)] string EndpointId,
    [property: Id(2)] DateTimeOffset Since,
    [property: Id(3)] long Messages);

/// <summary>How a silo is, at one moment. What it has counted counts from its start.</summary>
[GenerateSerializer, Immutable, Alias("webhooks.SiloReport")]
public sealed record SiloReport
{
    /// <summary>The silo's address.</summary>
    [Id(0)] public required string Silo { get; init; }

    /// <summary>When it looked, by the store's time.</summary>
    [Id(1)] public required DateTimeOffset At { get; init; }

    /// <summary>When it started.</summary>
    [Id(2)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Whether the store answers it.</summary>
    [Id(3)] public bool StoreAnswers { get; init; }

    /// <summary>In words, why accepted messages do not become attempts; null when they do.</summary>
    [Id(4)] public string? Trouble { get; init; }

    /// <summary>Endpoints that are active in it.</summary>
    [Id(5)] public int Endpoints { get; init; }

    /// <summary>Of these, with something waiting.</summary>
    [Id(6)] public int WaitingEndpoints { get; init; }

    /// <summary>Messages that wait for them, at most.</summary>
    [Id(7)] public long WaitingMessages { get; init; }

    /// <summary>Those that have waited the longest, the oldest first.</summary>
    [Id(8)] public IReadOnlyList<WaitingEndpoint> Oldest { get; init; } = [];

    /// <summary>Messages committed to the log.</summary>
    [Id(9)] public long Accepted { get; init; }

    /// <summary>Attempts that have ended, by outcome.</summary>
    [Id(10)] public IReadOnlyDictionary<string, long> Attempts { get; init; } = new Dictionary<string, long>();

    /// <summary>Memory of its process.</summary>
    [Id(11)] public long MemoryBytes { get; init; }

    /// <summary>Grains that are active in it.</summary>
    [Id(12)] public int Activations { get; init; }

    /// <summary>What the messages are kept in: <c>SQLite</c> or <c>PostgreSQL</c>.</summary>
    [Id(13)] public string Store { get; init; } = "";
}
