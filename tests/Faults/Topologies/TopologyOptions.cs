using System.Collections.Immutable;
using Webhooks.Tests.Shared;

namespace Webhooks.Faults.Topologies;

/// <summary>What holds the messages.</summary>
internal enum StoreKind
{
    /// <summary>PostgreSQL, silos, and gateways that are their clients.</summary>
    Postgres = 0,

    /// <summary>One standalone process on SQLite.</summary>
    Sqlite = 1,
}

/// <summary>Which processes there are.</summary>
internal sealed record TopologyOptions
{
    public StoreKind Store { get; init; }

    /// <summary>Silo processes; unused on SQLite.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>Gateway processes; unused on SQLite.</summary>
    public int Gateways { get; init; } = 2;

    /// <summary>Starts the store, which goes with the topology; a private PostgreSQL when null.</summary>
    public Func<Task<PostgresServer>>? StartPostgres { get; init; }

    /// <summary>Connections that PostgreSQL takes.</summary>
    public int MaxConnections { get; init; } = 120;

    /// <summary>Whether PostgreSQL has a synchronous standby even when no fault wants one.</summary>
    public bool Standby { get; init; }

    /// <summary>Steps of the retry schedule, a second each.</summary>
    public int RetrySteps { get; init; } = 60;

    /// <summary>Deadline of one attempt.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Settings of all processes, over what is set otherwise.</summary>
    public ImmutableDictionary<string, string> Settings { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What is put up beside the store before the first process starts: a proxy, a clock, a small disk.</summary>
    public IReadOnlyList<ISurrounding> Surroundings { get; init; } = [];
}

/// <summary>Something that stands around processes and gives them settings or environment of their own.</summary>
internal interface ISurrounding : IAsyncDisposable
{
    /// <summary>Called once, when the store runs and no other process does.</summary>
    Task PrepareAsync(Topology topology, CancellationToken cancellationToken);

    /// <summary>Changes what a process is started with, once for each, before the first one starts: its environment (another
    /// connection string, <c>LD_PRELOAD</c>, a data folder), or its command.</summary>
    void Change(Node node);
}
