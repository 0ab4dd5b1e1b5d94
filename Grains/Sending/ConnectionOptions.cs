using System.ComponentModel.DataAnnotations;

namespace Webhooks.Grains.Sending;

/// <summary>How a silo's connections to receivers are kept. Section <c>Webhooks:Connections</c>.</summary>
public sealed class ConnectionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks:Connections";

    /// <summary>Time to resolve, connect and shake hands, seconds; within the attempt's deadline. Default 10.</summary>
    [Range(1, 300)]
    public int ConnectTimeoutSeconds { get; set; } = 10;

    /// <summary>Age at which a connection is replaced, so that a change of the name's addresses is seen, seconds. Default 300.</summary>
    [Range(1, 86400)]
    public int LifetimeSeconds { get; set; } = 300;

    /// <summary>How long an unused connection is kept, seconds. Default 60.</summary>
    [Range(1, 3600)]
    public int IdleSeconds { get; set; } = 60;

    /// <summary>Connections to one receiver (scheme, host and port) at most; further attempts wait. Default 1,024.</summary>
    [Range(1, 65536)]
    public int MaxPerReceiver { get; set; } = 1024;

    /// <summary>Size of an answer's headers at most, KiB. Default 32.</summary>
    [Range(1, 1024)]
    public int ResponseHeaderKilobytes { get; set; } = 32;

    /// <summary>Names being resolved at a time; each holds a thread. Default 256.</summary>
    [Range(1, 1024)]
    public int ConcurrentLookups { get; set; } = 256;

    /// <summary>
    /// What the operating system may hold of an answer before it is read, bytes for each connection (Linux takes up to twice
    /// as much). Left to grow by itself it is megabytes, which a receiver that sends without end fills each time. Default 65,536.
    /// </summary>
    [Range(4096, 16 * 1024 * 1024)]
    public int ReceiveBufferBytes { get; set; } = 65_536;
}
