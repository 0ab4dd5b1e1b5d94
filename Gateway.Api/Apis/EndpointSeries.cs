using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>An endpoint's attempts over time: how many, how they ended, how long receivers took.</summary>
internal static class EndpointSeries
{
    private const string Day = "24h";

    private static readonly Dictionary<string, (TimeSpan Width, int Count)> Periods = new(StringComparer.Ordinal)
    {
        [Day] = (TimeSpan.FromHours(1), 24),
        ["7d"] = (TimeSpan.FromHours(6), 28),
        ["28d"] = (TimeSpan.FromDays(1), 28),
    };

    public static async Task<IResult> GetAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications, TimeProvider time)
    {
        var (width, count) = Periods[QueryInput.OneOf(http.Request, "period", [.. Periods.Keys]) ?? Day];
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        // Stretches begin at full hours of their width; the last one is the one under way.
        var now = time.GetUtcNow();
        var last = new DateTimeOffset(now.Ticks - (now.Ticks % width.Ticks), TimeSpan.Zero);
        var series = await calls.ReadAsync(g => g.GetGrain<IDeliveryQueries>(0).CountSeries(found.Id, last - ((count - 1) * width), width, count));
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var part in series.Stretches)
            {
                json.WriteStartObject();
                json.WriteTime("start", part.Start);
                json.WriteNumber("success", part.Succeeded);
                json.WriteNumber("fail", part.Failed);
                json.WriteNumberOrNull("medianMs", part.MedianMs);
                json.WriteNumberOrNull("p95Ms", part.P95Ms);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
