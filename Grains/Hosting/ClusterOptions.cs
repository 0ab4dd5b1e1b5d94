using System.ComponentModel.DataAnnotations;

namespace Webhooks.Grains.Hosting;

/// <summary>What a gateway process is beside the gateway.</summary>
public enum ClusterMode
{
    /// <summary>Everything: gateway and the only silo, on embedded SQLite unless a connection string is set.</summary>
    Standalone,

    /// <summary>A gateway alone, a client of a cluster of silos.</summary>
    Client,

    /// <summary>A gateway that is also one of the cluster's silos.</summary>
    Member,
}

/// <summary>The cluster as this process sees it. Section <c>Webhooks:Cluster</c>.</summary>
public sealed class ClusterOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Cluster";

    /// <summary>What a gateway process is. Default <see cref="ClusterMode.Standalone"/>; a silo process ignores it.</summary>
    public ClusterMode Mode { get; set; }

    /// <summary>Names the cluster; silos of one store and one name find each other. Default <c>webhooks</c>.</summary>
    [Required]
    public string ClusterId { get; set; } = "webhooks";

    /// <summary>Names the service whose grain state and reminders these are. Default <c>webhooks</c>.</summary>
    [Required]
    public string ServiceId { get; set; } = "webhooks";

    /// <summary>Port between silos. Default 11111.</summary>
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port of a silo for gateways. Default 30000.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The address under which others reach this silo; empty for this machine's own.</summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>Port of a silo process's health pages. Default 8072.</summary>
    [Range(1, 65535)]
    public int HealthPort { get; set; } = 8072;

    /// <summary>How long a gateway waits for a silo's answer before it asks again, seconds. Default 3.</summary>
    [Range(1, 60)]
    public int ResponseTimeoutSeconds { get; set; } = 3;

    /// <summary>How long no silo may answer before a gateway takes it that none lives, and answers 503 at once, seconds. Default 1.5.</summary>
    [Range(0.5, 60)]
    public double SilenceSeconds { get; set; } = 1.5;

    /// <summary>Whether there is the Orleans dashboard, for which silos time the calls of grains while somebody looks. Default true.</summary>
    public bool Dashboard { get; set; } = true;

    /// <summary>How long a start waits for the store, seconds. Default 60.</summary>
    [Range(0, 3600)]
    public int StartupWaitSeconds { get; set; } = 60;
}
