namespace Webhooks.Grains.Telemetry;

/// <summary>What all instruments have in common.</summary>
internal static class Meters
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Webhooks";

    /// <summary>Seconds of what takes milliseconds while all is well: commits, publishes.</summary>
    public static readonly double[] Short = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Seconds of an exchange with a receiver, whose deadline is 300 s at most.</summary>
    public static readonly double[] Exchange = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300];

    /// <summary>Seconds that a message may wait: milliseconds in the flow, days behind a receiver that is down.</summary>
    public static readonly double[] Wait = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600, 21600, 86400];

    /// <summary>Items of a commit.</summary>
    public static readonly double[] Items = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
}
