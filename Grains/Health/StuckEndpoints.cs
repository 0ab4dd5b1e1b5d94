using System.Globalization;
using Microsoft.Extensions.Options;
using Webhooks.Grains.Endpoints;
using Webhooks.Grains.Hosting;

namespace Webhooks.Grains.Health;

/// <summary>
/// Whether accepted messages become attempts: finds endpoints, neither paused nor disabled nor backing off, that have
/// had a message due for too long with no attempt started. Looks at most once a second, whoever asks how often.
/// </summary>
internal sealed class StuckEndpoints(EndpointMarks marks, StoreClock clock, IOptions<HealthOptions> options)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private string? _words;
    private long _lookedAt;

    /// <summary>In words, what is stuck; null when nothing is.</summary>
    public string? Describe()
    {
        lock (_lock)
        {
            if (_lookedAt == 0 || TimeProvider.System.GetElapsedTime(_lookedAt) >= Kept)
            {
                _words = Look();
                _lookedAt = TimeProvider.System.GetTimestamp();
            }

            return _words;
        }
    }

    private string? Look()
    {
        var now = clock.GetUtcNow();
        var (worst, due, count) = marks.FindStuck(now.AddSeconds(-options.Value.StuckSeconds));
        return worst is null
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Endpoint {worst.Endpoint} of application {worst.Application} has had a message due for {(now - due).TotalSeconds:0} s and no attempt was started; endpoints like that: {count}.");
    }
}
