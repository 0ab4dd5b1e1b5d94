using System.ComponentModel.DataAnnotations;

namespace Webhooks.Grains.Health;

/// <summary>When the health pages turn red, and how much is measured. Section <c>Webhooks:Health</c>.</summary>
public sealed class HealthOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Health";

    /// <summary>Seconds that a due message of an endpoint may wait for its attempt to start before the silo is not ready. Default 30.</summary>
    [Range(1, 3600)]
    public int StuckSeconds { get; set; } = 30;

    /// <summary>Seconds without any sign of work inside the process before it is not live. Default 30.</summary>
    [Range(5, 3600)]
    public int LiveSeconds { get; set; } = 30;

    /// <summary>Endpoints of a silo whose oldest waiting message is measured, the oldest first. Default 100.</summary>
    [Range(0, 10_000)]
    public int MeasuredEndpoints { get; set; } = 100;
}
