using Webhooks.Gateway.Api.Cluster;
using Webhooks.Gateway.Api.Http;
using Webhooks.Grains.Interfaces.Deliveries;

namespace Webhooks.Gateway.Api.Apis;

/// <summary>An endpoint's attempts within a time, counted by outcome.</summary>
internal static class EndpointStatistics
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(28);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static async Task<IResult> GetAsync(HttpContext http, string app, string endpoint, GrainCalls calls, Applications applications, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var givenUntil = QueryInput.Time(http.Request, "until");
        var until = givenUntil ?? now;
        var since = QueryInput.Time(http.Request, "since") ?? until - Longest;
        var found = await EndpointsApi.FindAsync(http, app, endpoint, calls, applications);
        if (givenUntil > now)
        {
            throw new ApiException(400, "invalid_range", "until lies in the future.");
        }

        if (since < now - Longest - Tolerance || since > until)
        {
            throw new ApiException(400, "invalid_range", $"since must lie within the last {Longest.TotalDays} days and before until.");
        }

        var counts = await calls.ReadAsync(g => g.GetGrain<IDeliveryQueries>(0).Count(found.Id, since, until));
        return new JsonBody(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("success", counts.Succeeded);
            // Attempts are written when they have ended: none is pending or being sent.
            json.WriteNumber("pending", 0);
            json.WriteNumber("sending", 0);
            json.WriteNumber("fail", counts.Failed);
            json.WriteNumber("canceled", 0);
            json.WriteEndObject();
        });
    }
}
