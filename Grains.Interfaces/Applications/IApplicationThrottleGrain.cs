namespace Webhooks.Grains.Interfaces.Applications;

/// <summary>
/// Shares out the rate of an application among its endpoints, wherever they are. Keyed by the application's text id.
/// Holds nothing that lasts: the rate comes with each call, and a new activation shares out anew.
/// </summary>
[Alias("webhooks.IApplicationThrottleGrain")]
public interface IApplicationThrottleGrain : IGrainWithStringKey
{
    /// <summary>Takes places in the application's rate. They are the caller's, used or not.</summary>
    /// <param name="wanted">As many as the caller could use, from 1; it gets one at least, and fewer the more callers there are.</param>
    /// <param name="rate">Attempts per second of all callers together, from 1. It holds from this call on.</param>
    [Alias("Reserve")]
    Task<ThrottleGrant> Reserve(int wanted, int rate);
}

/// <summary>Moments at which an attempt may start, equally far apart. The first may have passed, by a tenth of a second at most.</summary>
/// <param name="From">The first, in the store's time.</param>
/// <param name="Interval">From one to the next.</param>
/// <param name="Count">How many, from 1.</param>
[GenerateSerializer, Immutable, Alias("webhooks.ThrottleGrant")]
public sealed record ThrottleGrant([property: Id(0)] DateTimeOffset From, [property: Id(1)] TimeSpan Interval, [property: Id(2)] int Count);
