using Webhooks.Grains.Interfaces.Applications;
using Webhooks.Grains.Interfaces.Endpoints;

namespace Webhooks.Grains.Storage;

/// <summary>An application's row. Deleted ones stay as tombstones, without their uid.</summary>
internal sealed record ApplicationRow(Guid Id, string Organization, bool Deleted, ApplicationDetails Details);

/// <summary>An endpoint with its place in the log, as the router needs it.</summary>
internal sealed record RoutedEndpoint(EndpointDetails Details, long Position, DateTimeOffset? NextAttemptAt);

/// <summary>All a sequencer starts from.</summary>
/// <param name="ScheduledAt">When the next scheduled message is due; null when there is none.</param>
internal sealed record RoutingSnapshot(ApplicationRow Application, HeadRow Head, IReadOnlyList<RoutedEndpoint> Endpoints, DateTimeOffset? ScheduledAt = null);

/// <summary>What a configuration write came to.</summary>
internal enum WriteVerdict
{
    Written = 0,

    /// <summary>The uid or name is taken.</summary>
    Taken = 1,

    /// <summary>The row is gone.</summary>
    Gone = 2,
}

/// <summary>A written endpoint with the head as the same transaction left it.</summary>
internal sealed record EndpointWrite(WriteVerdict Verdict, EndpointDetails? Endpoint, long RoutingVersion, long Tail);

/// <summary>Work that no living silo owns.</summary>
internal sealed record OrphanedWork(IReadOnlyList<Guid> Applications, IReadOnlyList<Guid> Endpoints);

/// <summary>A look at the store.</summary>
/// <param name="Now">The store's own clock.</param>
/// <param name="Active">Whether the store has the asking silo down as an active member; true where one process owns the store.</param>
internal readonly record struct StoreSight(DateTimeOffset Now, bool Active);
