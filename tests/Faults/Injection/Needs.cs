namespace Webhooks.Faults.Injection;

/// <summary>What has to stand around the processes from their start, so that a fault can be done to them.</summary>
[Flags]
internal enum Needs
{
    None = 0,

    /// <summary>Processes whose connections the packet filter can tell apart.</summary>
    Networks = 1,

    /// <summary>A proxy between each process and the store.</summary>
    Proxies = 2,

    /// <summary>A synchronous standby of the store.</summary>
    Standby = 4,

    /// <summary>A silo whose clock can be moved.</summary>
    Clock = 8,

    /// <summary>A disk for the store that can be filled.</summary>
    Disk = 16,
}
